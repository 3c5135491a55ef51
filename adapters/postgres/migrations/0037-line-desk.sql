-- Who did what to the line of a show, and when: at the desk, from the command line, or the threshold of the show. Written by the
-- statement that does it.
create table line_actions (
  show_id uuid not null,
  action_id uuid not null,
  action text not null check (action in ('open', 'change', 'close', 'threshold')),
  -- What was said; nothing in here is about a person.
  details jsonb not null,
  -- An operator's user id, or 'command line', or 'threshold'.
  actor text not null check (length(actor) <= 40),
  created_at timestamptz not null,
  primary key (show_id, action_id)
);

-- A show that gets a line by itself as soon as more people a minute than this look at its seats or order some.
create table line_thresholds (
  show_id uuid primary key,
  people_per_minute integer not null check (people_per_minute > 0)
);
