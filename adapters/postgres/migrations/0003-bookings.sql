create table bookings (
  show_id uuid not null,
  booking_id uuid not null,
  user_id uuid not null,
  status text not null check (status in ('held', 'confirmed', 'ticketed', 'expired', 'cancelled')),
  -- Says which request this is the answer to; the same key with another body is refused.
  request_hash text not null,
  seat_count integer not null check (seat_count > 0),
  -- The frozen quote. total_minor contains fee_minor.
  total_minor bigint not null check (total_minor >= 0),
  fee_minor bigint not null check (fee_minor >= 0),
  currency text not null,
  held_until timestamptz not null,
  payment_id uuid,
  end_reason text,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  ended_at timestamptz,
  primary key (show_id, booking_id)
) with (fillfactor = 70);

create table booking_seats (
  show_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  price_code text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  primary key (show_id, booking_id, seat_id),
  foreign key (show_id, booking_id) references bookings (show_id, booking_id)
);

-- One row an attempt, written before the provider is called.
create table payments (
  show_id uuid not null,
  payment_id uuid not null,
  booking_id uuid not null,
  attempt integer not null check (attempt > 0),
  provider text not null check (provider in ('stripe', 'paypal')),
  provider_payment_id text,
  status text not null check (status in ('creating', 'open', 'authorised', 'captured', 'voided', 'refunded')),
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  captured_minor bigint not null default 0 check (captured_minor >= 0),
  refunded_minor bigint not null default 0 check (refunded_minor >= 0 and refunded_minor <= captured_minor),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (show_id, payment_id),
  unique (show_id, booking_id, attempt),
  foreign key (show_id, booking_id) references bookings (show_id, booking_id)
);

-- What providers told us, stored before it is believed. Only what the checkout needs: a provider's event carries personal data.
create table payment_events (
  show_id uuid not null,
  provider text not null,
  event_id text not null,
  payment_id uuid not null,
  booking_id uuid not null,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  received_at timestamptz not null,
  signalled_at timestamptz,
  primary key (show_id, provider, event_id)
);

create index payment_events_unsignalled on payment_events (show_id, received_at) where signalled_at is null;

create table tickets (
  show_id uuid not null,
  ticket_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  user_id uuid not null,
  status text not null default 'live' check (status in ('live', 'void')),
  issued_at timestamptz not null,
  primary key (show_id, ticket_id),
  unique (show_id, booking_id, seat_id),
  foreign key (show_id, booking_id) references bookings (show_id, booking_id)
);

-- The last defence of "a seat is never sold twice", whatever the code above it does.
create unique index tickets_one_live_per_seat on tickets (show_id, seat_id) where status = 'live';

create table outbox (
  show_id uuid not null,
  event_id uuid not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null,
  primary key (show_id, event_id)
);

-- One row for each message to a person, so that a repeated event sends nothing twice.
create table deliveries (
  show_id uuid not null,
  event_id uuid not null,
  channel text not null,
  attempts integer not null default 0,
  sent_at timestamptz,
  primary key (show_id, event_id, channel)
);
