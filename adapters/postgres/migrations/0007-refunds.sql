-- What is given back of a payment, written before the provider is asked, so no money can leave that the database has not heard
-- of. One row a cause: however often it is asked for, the money goes back once. A failed attempt is followed by the next one.
create table refunds (
  show_id uuid not null,
  refund_id uuid not null,
  payment_id uuid not null,
  booking_id uuid not null,
  cause text not null check (length(cause) <= 100),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  status text not null check (status in ('requested', 'pending', 'succeeded', 'settled')),
  attempt integer not null check (attempt > 0),
  provider_refund_id text,
  -- Why the attempt before this one gave no money back.
  failure text check (failure in ('balance', 'dispute', 'provider')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (show_id, refund_id),
  unique (show_id, payment_id, cause),
  foreign key (show_id, payment_id) references payments (show_id, payment_id)
);

create index refunds_by_booking on refunds (show_id, booking_id);
create index refunds_unfinished on refunds (show_id, updated_at) where status in ('requested', 'pending');

-- Which seats a refund gave up, and how much of each: what was kept of a seat is the difference to booking_seats.
create table refund_seats (
  show_id uuid not null,
  refund_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  fee_minor bigint not null check (fee_minor >= 0),
  primary key (show_id, refund_id, seat_id),
  -- A seat of a booking is given up once.
  unique (show_id, booking_id, seat_id)
);

-- What support did, by whom and why: ids and codes only, the words stay in the help desk under the case number.
create table support_actions (
  show_id uuid not null,
  action_id text not null check (length(action_id) <= 200),
  -- Null: the action is about the whole show.
  booking_id uuid,
  action text not null,
  agent text not null check (length(agent) <= 40),
  reason text not null check (length(reason) <= 40),
  case_number text not null check (length(case_number) <= 40),
  outcome text,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (show_id, action_id)
);

create index support_actions_by_booking on support_actions (show_id, booking_id);

-- `refunded`: every ticket of the booking is void. Its payments say what has come back so far.
alter table bookings drop constraint bookings_status_check;
alter table bookings add constraint bookings_status_check
  check (status in ('held', 'confirmed', 'ticketed', 'refunded', 'expired', 'cancelled')) not valid;

-- `free`: the booking costs nothing, so no provider is asked.
alter table payments drop constraint payments_provider_check;
alter table payments add constraint payments_provider_check check (provider in ('stripe', 'paypal', 'free')) not valid;

alter table payments add column disputed_at timestamptz;

-- Whether a buyer whose money came too late may be given equal seats side by side when the own ones are gone.
alter table shows add column late_swap_allowed boolean not null default false;
-- Until when buyers may give tickets back by themselves; null: not at all.
alter table shows add column refundable_until timestamptz;
