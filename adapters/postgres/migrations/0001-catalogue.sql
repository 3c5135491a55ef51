-- The catalogue: rarely written, small, read by everybody (reference tables on Citus).

create table organisers (
  organiser_id uuid primary key,
  name text not null
);

create table venues (
  venue_id uuid primary key,
  organiser_id uuid not null references organisers,
  name text not null,
  city text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  time_zone text not null,
  address text not null,
  latitude double precision not null,
  longitude double precision not null
);

-- Immutable and known by the hash of their content, so that every cache may keep them for ever.
create table layouts (
  layout_hash text primary key,
  content jsonb not null,
  seat_count integer not null check (seat_count > 0)
);

create table halls (
  hall_id uuid primary key,
  venue_id uuid not null references venues,
  name text not null,
  layout_hash text not null references layouts
);

create table titles (
  title_id uuid primary key,
  organiser_id uuid not null references organisers,
  name text not null,
  kind text not null check (kind in ('film', 'concert', 'theatre', 'comedy', 'sport')),
  genre text not null,
  language text not null,
  people text[] not null default '{}',
  synopsis text not null default '',
  duration_minutes integer not null check (duration_minutes > 0),
  age_rating text not null default ''
);
