-- How somebody wants to be told of things. Who has no row has chosen nothing. The phone is sealed in platform/sealing.ts.
create table notice_choices (
  user_id uuid primary key,
  language text,
  phone_sealed bytea,
  mails_off text[] not null default '{}',
  texts_on text[] not null default '{}',
  updated_at timestamptz not null
);

-- Mail that came back, by person and address: the keyed digest of people.email_digest, and a code of the mail server's, never its
-- words. A hard one stops mail to that address; another address has another digest.
create table mail_bounces (
  user_id uuid not null,
  email_digest bytea not null,
  is_hard boolean not null,
  code text not null check (code ~ '^[0-9][0-9.]{2,10}$'),
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (user_id, email_digest, is_hard)
);

create index mail_bounces_by_time on mail_bounces (last_at);
