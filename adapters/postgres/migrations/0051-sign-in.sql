-- Signing in by a code in a mail: the tables of better-auth, with keyed digests where it would have an address, a token or a code.
-- Nothing refers to them, and no booking reads them: on Citus they stay on the coordinator.

create table sign_in_users (
  -- The user id of the whole house.
  id uuid primary key,
  email_digest text not null unique,
  -- Always empty: `people` has the name, sealed.
  name text not null,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table sign_in_sessions (
  id uuid primary key,
  user_id uuid not null references sign_in_users on delete cascade,
  token_digest text not null unique,
  -- Always empty: nobody needs to know from where.
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index sign_in_sessions_by_user on sign_in_sessions (user_id);

create table sign_in_codes (
  id uuid primary key,
  -- Of whom it is for.
  identifier_digest text not null,
  -- A keyed digest of the code, and how often a wrong one was tried.
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index sign_in_codes_by_identifier on sign_in_codes (identifier_digest);
create index sign_in_codes_by_end on sign_in_codes (expires_at);

-- What access tokens are signed with. Private keys are encrypted with SIGN_IN_KEY.
create table sign_in_keys (
  id uuid primary key,
  public_key text not null,
  private_key text not null,
  alg text,
  crv text,
  created_at timestamptz not null,
  expires_at timestamptz
);
