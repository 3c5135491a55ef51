-- Written by npm run schema:dump from the migrations; not for editing.

create table booking_seats (
  show_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  price_code text not null,
  amount_minor bigint not null,
  fee_minor bigint not null,
  constraint booking_seats_pkey primary key (show_id, booking_id, seat_id),
  constraint booking_seats_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id)
);

create table bookings (
  show_id uuid not null,
  booking_id uuid not null,
  user_id uuid not null,
  status text not null,
  request_hash text not null,
  seat_count integer not null,
  total_minor bigint not null,
  fee_minor bigint not null,
  currency text not null,
  held_until timestamp with time zone not null,
  payment_id uuid,
  end_reason text,
  created_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint bookings_pkey primary key (show_id, booking_id),
  constraint bookings_fee_minor_check check ((fee_minor >= 0)),
  constraint bookings_seat_count_check check ((seat_count > 0)),
  constraint bookings_status_check check ((status = any (array['held'::text, 'confirmed'::text, 'ticketed'::text, 'expired'::text, 'cancelled'::text]))),
  constraint bookings_total_minor_check check ((total_minor >= 0))
) with (fillfactor=70);

create table deliveries (
  show_id uuid not null,
  event_id uuid not null,
  channel text not null,
  attempts integer not null default 0,
  sent_at timestamp with time zone,
  begun_at timestamp with time zone,
  constraint deliveries_pkey primary key (show_id, event_id, channel)
);

create table halls (
  hall_id uuid not null,
  venue_id uuid not null,
  name text not null,
  layout_hash text not null,
  constraint halls_pkey primary key (hall_id),
  constraint halls_layout_hash_fkey foreign key (layout_hash) references layouts(layout_hash),
  constraint halls_venue_id_fkey foreign key (venue_id) references venues(venue_id)
);

create table layouts (
  layout_hash text not null,
  content jsonb not null,
  seat_count integer not null,
  constraint layouts_pkey primary key (layout_hash),
  constraint layouts_seat_count_check check ((seat_count > 0))
);

create table organisers (
  organiser_id uuid not null,
  name text not null,
  constraint organisers_pkey primary key (organiser_id)
);

create table outbox (
  show_id uuid not null,
  event_id uuid not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamp with time zone not null,
  constraint outbox_pkey primary key (event_id, show_id)
);

create table payment_events (
  show_id uuid not null,
  provider text not null,
  event_id text not null,
  payment_id uuid not null,
  booking_id uuid not null,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  received_at timestamp with time zone not null,
  signalled_at timestamp with time zone,
  constraint payment_events_pkey primary key (show_id, provider, event_id)
);

create table payments (
  show_id uuid not null,
  payment_id uuid not null,
  booking_id uuid not null,
  attempt integer not null,
  provider text not null,
  provider_payment_id text,
  status text not null,
  amount_minor bigint not null,
  currency text not null,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint payments_pkey primary key (show_id, payment_id),
  constraint payments_show_id_booking_id_attempt_key unique (show_id, booking_id, attempt),
  constraint payments_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id),
  constraint payments_amount_minor_check check ((amount_minor >= 0)),
  constraint payments_attempt_check check ((attempt > 0)),
  constraint payments_captured_minor_check check ((captured_minor >= 0)),
  constraint payments_check check (((refunded_minor >= 0) and (refunded_minor <= captured_minor))),
  constraint payments_provider_check check ((provider = any (array['stripe'::text, 'paypal'::text]))),
  constraint payments_status_check check ((status = any (array['creating'::text, 'open'::text, 'authorised'::text, 'captured'::text, 'voided'::text, 'refunded'::text])))
);

create table people (
  user_id uuid not null,
  email_sealed bytea not null,
  email_digest bytea not null,
  name_sealed bytea not null,
  updated_at timestamp with time zone not null,
  constraint people_pkey primary key (user_id)
);

create table show_buyers (
  show_id uuid not null,
  user_id uuid not null,
  seats integer not null,
  constraint show_buyers_pkey primary key (show_id, user_id),
  constraint show_buyers_seats_check check ((seats >= 0))
) with (fillfactor=70);

create table show_prices (
  show_id uuid not null,
  price_code text not null,
  name text not null,
  amount_minor bigint not null,
  fee_minor bigint not null default 0,
  constraint show_prices_pkey primary key (show_id, price_code),
  constraint show_prices_amount_minor_check check ((amount_minor >= 0)),
  constraint show_prices_fee_minor_check check ((fee_minor >= 0))
);

create table show_seats (
  show_id uuid not null,
  seat_id text not null,
  status text not null default 'available'::text,
  booking_id uuid,
  user_id uuid,
  held_until timestamp with time zone,
  version integer not null default 0,
  price_code text not null,
  constraint show_seats_pkey primary key (show_id, seat_id),
  constraint show_seats_check check (((booking_id is not null) = (status = any (array['held'::text, 'booked'::text])))),
  constraint show_seats_check1 check (((held_until is not null) = (status = 'held'::text))),
  constraint show_seats_status_check check ((status = any (array['available'::text, 'held'::text, 'booked'::text, 'blocked'::text])))
) with (fillfactor=70);

create table shows (
  show_id uuid not null,
  title_id uuid not null,
  hall_id uuid not null,
  layout_hash text not null,
  format text not null default ''::text,
  starts_at timestamp with time zone not null,
  sales_open_at timestamp with time zone not null,
  sales_close_at timestamp with time zone not null,
  status text not null default 'scheduled'::text,
  currency text not null,
  seats_per_buyer_max integer not null default 10,
  version bigint not null default 1,
  constraint shows_pkey primary key (show_id),
  constraint shows_hall_id_fkey foreign key (hall_id) references halls(hall_id),
  constraint shows_layout_hash_fkey foreign key (layout_hash) references layouts(layout_hash),
  constraint shows_title_id_fkey foreign key (title_id) references titles(title_id),
  constraint shows_currency_check check ((currency ~ '^[A-Z]{3}$'::text)),
  constraint shows_seats_per_buyer_max_check check ((seats_per_buyer_max > 0)),
  constraint shows_status_check check ((status = any (array['scheduled'::text, 'cancelled'::text])))
);

create table tickets (
  show_id uuid not null,
  ticket_id uuid not null,
  booking_id uuid not null,
  seat_id text not null,
  user_id uuid not null,
  status text not null default 'live'::text,
  issued_at timestamp with time zone not null,
  constraint tickets_pkey primary key (show_id, ticket_id),
  constraint tickets_show_id_booking_id_seat_id_key unique (show_id, booking_id, seat_id),
  constraint tickets_show_id_booking_id_fkey foreign key (show_id, booking_id) references bookings(show_id, booking_id),
  constraint tickets_status_check check ((status = any (array['live'::text, 'void'::text])))
);

create table titles (
  title_id uuid not null,
  organiser_id uuid not null,
  name text not null,
  kind text not null,
  genre text not null,
  language text not null,
  people text[] not null default '{}'::text[],
  synopsis text not null default ''::text,
  duration_minutes integer not null,
  age_rating text not null default ''::text,
  constraint titles_pkey primary key (title_id),
  constraint titles_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint titles_duration_minutes_check check ((duration_minutes > 0)),
  constraint titles_kind_check check ((kind = any (array['film'::text, 'concert'::text, 'theatre'::text, 'comedy'::text, 'sport'::text])))
);

create table venues (
  venue_id uuid not null,
  organiser_id uuid not null,
  name text not null,
  city text not null,
  country text not null,
  time_zone text not null,
  address text not null,
  latitude double precision not null,
  longitude double precision not null,
  constraint venues_pkey primary key (venue_id),
  constraint venues_organiser_id_fkey foreign key (organiser_id) references organisers(organiser_id),
  constraint venues_country_check check ((country ~ '^[A-Z]{2}$'::text))
);

create index payment_events_unsignalled on payment_events using btree (show_id, received_at) where (signalled_at is null);

create index people_by_email on people using btree (email_digest);

create index shows_by_time on shows using btree (starts_at);

create unique index tickets_one_live_per_seat on tickets using btree (show_id, seat_id) where (status = 'live'::text);

create function append_booking_event(p_show_id uuid, p_booking_id uuid, p_type text, p_details jsonb)
 returns void
 language plpgsql
as $$
declare
  v_event_id uuid := uuidv7();
begin
  insert into outbox (show_id, event_id, topic, payload, created_at)
    select p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', p_type, 'eventId', v_event_id, 'showId', p_show_id,
          'bookingId', p_booking_id, 'userId', booking.user_id,
          'seatIds', (select jsonb_agg(seat_id order by seat_id) from booking_seats
                        where show_id = p_show_id and booking_id = p_booking_id)) || p_details,
        clock_timestamp()
      from bookings booking
      where booking.show_id = p_show_id and booking.booking_id = p_booking_id;
end
$$;

create function confirm_booking(p_show_id uuid, p_booking_id uuid, p_payment_id uuid, p_amount_minor bigint, p_currency text)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seats integer;
begin
  select status, payment_id, seat_count, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'reason', 'absent');
  end if;
  if v_booking.status in ('confirmed', 'ticketed') then
    if v_booking.payment_id = p_payment_id then
      return jsonb_build_object('outcome', 'confirmed');
    end if;
    return jsonb_build_object('outcome', 'refused', 'reason', 'paid_otherwise');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'closed');
  end if;
  if v_booking.total_minor <> p_amount_minor or v_booking.currency <> p_currency then
    return jsonb_build_object('outcome', 'refused', 'reason', 'amount_mismatch');
  end if;

  perform 1 from show_seats seat
    where seat.show_id = p_show_id and seat.seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
    order by seat.seat_id
    for update;
  select count(*) into v_seats
    from booking_seats wanted
    join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
    where wanted.show_id = p_show_id and wanted.booking_id = p_booking_id
      and seat.booking_id = p_booking_id and seat.status = 'held';
  if v_seats <> v_booking.seat_count then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seats_lost');
  end if;

  v_now := clock_timestamp();
  update show_seats
    set status = 'booked', held_until = null, version = version + 1
    where show_id = p_show_id and booking_id = p_booking_id and seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id);
  update bookings set status = 'confirmed', payment_id = p_payment_id, confirmed_at = v_now
    where show_id = p_show_id and booking_id = p_booking_id;
  update payments set status = 'authorised', updated_at = v_now
    where show_id = p_show_id and payment_id = p_payment_id and status in ('creating', 'open');
  return jsonb_build_object('outcome', 'confirmed');
end
$$;

create function extend_hold(p_show_id uuid, p_booking_id uuid, p_seconds integer, p_seconds_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_held_until timestamptz;
begin
  select least(greatest(held_until, clock_timestamp()) + make_interval(secs => p_seconds),
      created_at + make_interval(secs => p_seconds_max)) into v_held_until
    from bookings where show_id = p_show_id and booking_id = p_booking_id and status = 'held'
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused');
  end if;

  perform 1 from show_seats seat
    where seat.show_id = p_show_id and seat.seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
    order by seat.seat_id
    for update;
  update show_seats set held_until = v_held_until
    where show_id = p_show_id and booking_id = p_booking_id and status = 'held' and seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id);
  update bookings set held_until = v_held_until where show_id = p_show_id and booking_id = p_booking_id;
  return jsonb_build_object('outcome', 'extended', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000));
end
$$;

create function hold_seats(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_seat_ids text[], p_request_hash text, p_hold_seconds integer, p_grace_seconds integer, p_expected_total_minor bigint)
 returns jsonb
 language plpgsql
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_held_until timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
  v_buyer_seats integer;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;

  -- Read after the locks: whoever held them may have been this same booking.
  select status, request_hash, held_until, total_minor, fee_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    if v_booking.request_hash <> p_request_hash then
      return jsonb_build_object('outcome', 'refused', 'code', 'IDEMPOTENCY_KEY_REUSED', 'seatIds', '[]'::jsonb);
    end if;
    return jsonb_build_object(
      'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000),
      'totalMinor', v_booking.total_minor, 'feeMinor', v_booking.fee_minor, 'currency', v_booking.currency);
  end if;

  v_now := clock_timestamp();
  select status, sales_open_at, sales_close_at, currency, seats_per_buyer_max into v_show
    from shows where show_id = p_show_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if v_show.status <> 'scheduled' or v_now < v_show.sales_open_at or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;

  select
      coalesce(array_agg(wanted.seat_id order by wanted.seat_id) filter (where seat.seat_id is null), '{}') as unknown,
      coalesce(array_agg(wanted.seat_id order by wanted.seat_id) filter (where seat.status in ('booked', 'blocked')
        or (seat.status = 'held' and seat.held_until + make_interval(secs => p_grace_seconds) > v_now)), '{}') as taken,
      count(seat.seat_id) filter (where seat.status = 'held') as overdue,
      count(seat.seat_id) filter (where seat.status = 'held' and seat.user_id = p_user_id) as own_overdue,
      coalesce(sum(price.amount_minor + price.fee_minor), 0) as total_minor,
      coalesce(sum(price.fee_minor), 0) as fee_minor
    into v_wanted
    from unnest(p_seat_ids) as wanted (seat_id)
    left join show_seats seat on seat.show_id = p_show_id and seat.seat_id = wanted.seat_id
    left join show_prices price on price.show_id = p_show_id and price.price_code = seat.price_code;
  -- A seat that came into being after the locks is as unknown as one that does not exist: nobody holds its lock.
  if v_locked <> cardinality(p_seat_ids) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN', 'seatIds', to_jsonb(v_wanted.unknown));
  end if;
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  if v_wanted.total_minor <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;

  -- Seats past their hold and grace leave their owner here: the workflow that should have released them is late.
  if v_wanted.overdue > 0 then
    perform 1 from show_buyers
      where show_id = p_show_id and (user_id = p_user_id or user_id in (
        select user_id from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held'))
      order by user_id
      for update;
  end if;

  insert into show_buyers (show_id, user_id, seats)
    select p_show_id, p_user_id, cardinality(p_seat_ids)
      where cardinality(p_seat_ids) <= v_show.seats_per_buyer_max
    on conflict (show_id, user_id) do update set seats = show_buyers.seats + excluded.seats - v_wanted.own_overdue
      where show_buyers.seats + excluded.seats - v_wanted.own_overdue <= v_show.seats_per_buyer_max
    returning seats into v_buyer_seats;
  if v_buyer_seats is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  if v_wanted.overdue > v_wanted.own_overdue then
    update show_buyers buyer set seats = buyer.seats - owner.seats
      from (select user_id, count(*)::integer as seats from show_seats
              where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held' and user_id <> p_user_id
              group by user_id) owner
      where buyer.show_id = p_show_id and buyer.user_id = owner.user_id;
  end if;

  v_held_until := v_now + make_interval(secs => p_hold_seconds);
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = p_user_id, held_until = v_held_until, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, created_at)
    values (p_show_id, p_booking_id, p_user_id, 'held', p_request_hash, cardinality(p_seat_ids), v_wanted.total_minor,
      v_wanted.fee_minor, v_show.currency, v_held_until, v_now);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor)
    select p_show_id, p_booking_id, seat.seat_id, seat.price_code, price.amount_minor, price.fee_minor
      from show_seats seat
      join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids);
  perform append_booking_event(p_show_id, p_booking_id, 'BookingHeld',
    jsonb_build_object('heldUntilMs', floor(extract(epoch from v_held_until) * 1000)));

  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000),
    'totalMinor', v_wanted.total_minor, 'feeMinor', v_wanted.fee_minor, 'currency', v_show.currency,
    'overdueSeats', v_wanted.overdue);
end
$$;

create function issue_tickets(p_show_id uuid, p_booking_id uuid, p_captured_minor bigint)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_booking record;
begin
  select status, payment_id, user_id, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found or v_booking.status not in ('confirmed', 'ticketed') then
    return jsonb_build_object('outcome', 'refused');
  end if;

  if v_booking.status = 'confirmed' then
    insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
      select p_show_id, uuidv7(), p_booking_id, seat_id, v_booking.user_id, v_now
        from booking_seats where show_id = p_show_id and booking_id = p_booking_id
        order by seat_id;
    update payments set status = 'captured', captured_minor = p_captured_minor, updated_at = v_now
      where show_id = p_show_id and payment_id = v_booking.payment_id;
    update bookings set status = 'ticketed' where show_id = p_show_id and booking_id = p_booking_id;
    perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', jsonb_build_object(
      'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
      'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                          from tickets where show_id = p_show_id and booking_id = p_booking_id)));
  end if;
  return jsonb_build_object('outcome', 'ticketed',
    'tickets', (select count(*) from tickets where show_id = p_show_id and booking_id = p_booking_id));
end
$$;

create function open_payment(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_payment_id uuid, p_provider text, p_attempts_max integer)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_attempts integer;
begin
  select status, held_until, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  v_now := clock_timestamp();
  if v_booking.status = 'expired' or (v_booking.status = 'held' and v_booking.held_until <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_EXPIRED');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  select payment_id, attempt, provider_payment_id into v_payment
    from payments
    where show_id = p_show_id and booking_id = p_booking_id and provider = p_provider
      and status in ('creating', 'open', 'authorised')
    order by attempt desc
    limit 1;
  if not found then
    select count(*)::integer into v_attempts from payments where show_id = p_show_id and booking_id = p_booking_id;
    if v_attempts >= p_attempts_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'PAYMENT_ATTEMPTS_EXHAUSTED');
    end if;
    insert into payments (show_id, payment_id, booking_id, attempt, provider, status, amount_minor, currency,
        created_at, updated_at)
      values (p_show_id, p_payment_id, p_booking_id, v_attempts + 1, p_provider, 'creating', v_booking.total_minor,
        v_booking.currency, v_now, v_now)
      returning payment_id, attempt, provider_payment_id into v_payment;
  end if;
  return jsonb_build_object(
    'outcome', 'open', 'paymentId', v_payment.payment_id, 'attempt', v_payment.attempt,
    'amountMinor', v_booking.total_minor, 'currency', v_booking.currency);
end
$$;

create function release_booking(p_show_id uuid, p_booking_id uuid, p_status text, p_reason text, p_payments_settled boolean, p_confirmed_too boolean)
 returns jsonb
 language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seat_ids text[];
begin
  select status, user_id into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'absent');
  end if;
  if v_booking.status in ('expired', 'cancelled') then
    return jsonb_build_object('outcome', 'released', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status = 'ticketed' or (v_booking.status = 'confirmed' and not p_confirmed_too) then
    return jsonb_build_object('outcome', 'kept');
  end if;
  if not p_payments_settled and exists (
      select 1 from payments where show_id = p_show_id and booking_id = p_booking_id
        and status in ('creating', 'open', 'authorised')) then
    return jsonb_build_object('outcome', 'payments_open');
  end if;

  select coalesce(array_agg(seat_id order by seat_id), '{}') into v_seat_ids
    from (select seat.seat_id from show_seats seat
            where seat.show_id = p_show_id and seat.booking_id = p_booking_id and seat.seat_id in (
              select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id)
            order by seat.seat_id
            for update) own;
  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_seat_ids);
  update show_buyers set seats = seats - cardinality(v_seat_ids)
    where show_id = p_show_id and user_id = v_booking.user_id;

  v_now := clock_timestamp();
  update bookings set status = p_status, end_reason = p_reason, ended_at = v_now
    where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id,
    case p_status when 'expired' then 'BookingExpired' else 'BookingCancelled' end,
    case p_status when 'expired' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end);
  return jsonb_build_object('outcome', 'released', 'seatIds', to_jsonb(v_seat_ids));
end
$$;
