-- What an organisation has written down, as its catalogue file says it: the halls, titles and shows are made from it. Rarely
-- written, small (a reference table on Citus).
create table catalogue_items (
  organiser_id uuid not null references organisers,
  list text not null check (list in ('layouts', 'venues', 'titles', 'series')),
  key text not null check (length(key) <= 64),
  -- Not jsonb: the order of its fields is that of whoever wrote it.
  item json not null,
  -- The codes of a series' channels, sealed: whoever has one may buy.
  sealed_codes bytea,
  -- Goes up by one at each change.
  version integer not null default 1,
  changed_at timestamptz not null,
  primary key (organiser_id, list, key)
);
