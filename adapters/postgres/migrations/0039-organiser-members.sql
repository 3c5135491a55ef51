-- Who works for an organiser, and what was done in its name. Rarely written, small (reference tables on Citus).

-- What the catalogue file calls it: the ids of its venues and titles are made from it. Null where nobody has said it since.
alter table organisers add column key text;

create table organiser_members (
  organiser_id uuid not null references organisers,
  user_id uuid not null,
  role text not null check (role in ('owner', 'editor', 'seller', 'viewer')),
  primary key (organiser_id, user_id)
);

-- Whoever signs in sees the organisations that they belong to.
create index organiser_members_by_user on organiser_members (user_id);

-- Written in the transaction that does it.
create table organiser_actions (
  organiser_id uuid not null references organisers,
  -- In the order of time.
  action_id uuid not null,
  -- A user id.
  actor uuid not null,
  action text not null check (length(action) <= 40),
  -- What it was done to: the id of a show, the key of a venue, the user id of a member.
  subject text not null check (length(subject) <= 200),
  -- What was said; nothing in here is about a person.
  details jsonb not null,
  created_at timestamptz not null,
  primary key (organiser_id, action_id)
);
