-- Who a user id is. Everything else in the house knows people by user_id only. The columns are sealed in platform/sealing.ts.
create table people (
  user_id uuid primary key,
  email_sealed bytea not null,
  -- Keyed digest of the normalised address: equality without clear text.
  email_digest bytea not null,
  name_sealed bytea not null,
  updated_at timestamptz not null
);

create index people_by_email on people (email_digest);
