-- A show and its seats. Everything from here on begins its keys with show_id: one booking is one transaction on one shard.

create table shows (
  show_id uuid primary key,
  title_id uuid not null references titles,
  hall_id uuid not null references halls,
  layout_hash text not null references layouts,
  format text not null default '',
  starts_at timestamptz not null,
  sales_open_at timestamptz not null,
  sales_close_at timestamptz not null,
  status text not null default 'scheduled' check (status in ('scheduled', 'cancelled')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  seats_per_buyer_max integer not null default 10 check (seats_per_buyer_max > 0),
  version bigint not null default 1
);

create index shows_by_time on shows (starts_at);

create table show_prices (
  show_id uuid not null,
  price_code text not null,
  name text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  primary key (show_id, price_code)
);

-- Fillfactor 70 keeps every hold a HOT update (100 % against 55–75 % at 100); an index on status would undo that.
create table show_seats (
  show_id uuid not null,
  seat_id text not null,
  status text not null default 'available' check (status in ('available', 'held', 'booked', 'blocked')),
  booking_id uuid,
  user_id uuid,
  held_until timestamptz,
  version integer not null default 0,
  price_code text not null,
  primary key (show_id, seat_id),
  check ((booking_id is not null) = (status in ('held', 'booked'))),
  check ((held_until is not null) = (status = 'held'))
) with (fillfactor = 70);

-- How many seats of a show a buyer has, held or booked: the per-person limit across tabs and devices.
create table show_buyers (
  show_id uuid not null,
  user_id uuid not null,
  seats integer not null check (seats >= 0),
  primary key (show_id, user_id)
) with (fillfactor = 70);
