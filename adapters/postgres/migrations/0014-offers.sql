-- What an organiser takes off a booking for those who know the code: a percentage of the seat prices, or a sum. Fees stay.
create table promo_codes (
  show_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9-]{3,30}$'),
  percent integer check (percent between 1 and 100),
  amount_minor bigint check (amount_minor > 0),
  uses_max integer not null check (uses_max > 0),
  -- Holds and bookings that use it now: a release gives it back.
  uses integer not null default 0,
  valid_until timestamptz not null,
  primary key (show_id, code),
  check ((percent is null) <> (amount_minor is null)),
  check (uses between 0 and uses_max)
) with (fillfactor = 70);

alter table bookings add column promo_code text;
alter table bookings add column discount_minor bigint not null default 0;
-- What a seat costs after the discount is amount_minor + fee_minor; tax_minor is contained in that.
alter table booking_seats add column tax_minor bigint not null default 0;
-- The rate of the tax that a price contains, in hundredths of a per cent: 20 % is 2000.
alter table show_prices add column tax_basis_points integer not null default 0;

drop function hold_seats(uuid, uuid, uuid, text[], text, integer, integer, bigint);

-- Holds seats for a booking: all of them or none, in one call and one commit. Running it again with the same booking id
-- returns the same hold. The row of a promo code is locked only by holds that name it.
-- Locks go seats (in seat order) → promo code → buyers (in user order); nothing else may take them the other way.
create function hold_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text default null
) returns jsonb
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
  v_promo record;
  v_discount bigint := 0;
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
      coalesce(sum(price.amount_minor), 0)::bigint as amount_minor,
      coalesce(sum(price.fee_minor), 0)::bigint as fee_minor
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
  if p_promo_code is not null then
    select percent, amount_minor, valid_until, uses, uses_max into v_promo
      from promo_codes where show_id = p_show_id and code = p_promo_code
      for update;
    if not found or v_promo.valid_until <= v_now then
      return jsonb_build_object('outcome', 'refused', 'code', 'PROMO_CODE_INVALID', 'seatIds', '[]'::jsonb);
    end if;
    if v_promo.uses >= v_promo.uses_max then
      return jsonb_build_object('outcome', 'refused', 'code', 'PROMO_CODE_USED', 'seatIds', '[]'::jsonb);
    end if;
    v_discount := least(v_wanted.amount_minor,
      coalesce(v_promo.amount_minor, (v_wanted.amount_minor * v_promo.percent + 50) / 100));
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
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

  if p_promo_code is not null then
    update promo_codes set uses = uses + 1 where show_id = p_show_id and code = p_promo_code;
  end if;
  v_held_until := v_now + make_interval(secs => p_hold_seconds);
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = p_user_id, held_until = v_held_until, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, created_at, promo_code, discount_minor)
    values (p_show_id, p_booking_id, p_user_id, 'held', p_request_hash, cardinality(p_seat_ids),
      v_wanted.amount_minor + v_wanted.fee_minor - v_discount, v_wanted.fee_minor, v_show.currency, v_held_until, v_now,
      p_promo_code, v_discount);
  -- The discount falls on the seats by their prices: each gets the whole minor units between its place in the running sum and
  -- the place before it, so that the parts add up to the discount exactly.
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, seat_id, price_code, amount_minor - discount_minor, fee_minor,
        (2 * (amount_minor - discount_minor + fee_minor) * tax_basis_points + 10000 + tax_basis_points)
          / (2 * (10000 + tax_basis_points))
      from (
        select seat.seat_id, seat.price_code, price.amount_minor, price.fee_minor, price.tax_basis_points,
            case when v_discount = 0 then 0 else
              v_discount * (sum(price.amount_minor) over upto)::bigint / v_wanted.amount_minor
                - v_discount * ((sum(price.amount_minor) over upto)::bigint - price.amount_minor) / v_wanted.amount_minor
            end as discount_minor
          from show_seats seat
          join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
          where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
          window upto as (order by seat.seat_id)
      ) priced;
  perform append_booking_event(p_show_id, p_booking_id, 'BookingHeld',
    jsonb_build_object('heldUntilMs', floor(extract(epoch from v_held_until) * 1000)));

  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000),
    'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount, 'feeMinor', v_wanted.fee_minor,
    'currency', v_show.currency,
    'overdueSeats', v_wanted.overdue);
end
$$;

-- Gives the seats back, and only those that are still this booking's. Ends as 'expired' or 'cancelled'.
-- Says 'payments_open' instead while a payment might still take the buyer's money, unless the caller has settled them.
-- A ticketed booking is left alone; a confirmed one is released only by the caller that failed to capture its money.
create or replace function release_booking(
  p_show_id uuid,
  p_booking_id uuid,
  p_status text,
  p_reason text,
  p_payments_settled boolean,
  p_confirmed_too boolean
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seat_ids text[];
begin
  select status, user_id, promo_code into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'absent');
  end if;
  if v_booking.status in ('expired', 'cancelled') then
    return jsonb_build_object('outcome', 'released', 'seatIds', '[]'::jsonb,
      'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                         and status in ('creating', 'open', 'authorised')));
  end if;
  if v_booking.status in ('ticketed', 'refunded') or (v_booking.status = 'confirmed' and not p_confirmed_too) then
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
  -- The next buyer may use the code.
  update promo_codes set uses = uses - 1 where show_id = p_show_id and code = v_booking.promo_code;
  update show_buyers set seats = seats - cardinality(v_seat_ids)
    where show_id = p_show_id and user_id = v_booking.user_id;

  v_now := clock_timestamp();
  update bookings set status = p_status, end_reason = p_reason, ended_at = v_now
    where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id,
    case p_status when 'expired' then 'BookingExpired' else 'BookingCancelled' end,
    case p_status when 'expired' then '{}'::jsonb else jsonb_build_object('reason', p_reason) end);
  return jsonb_build_object('outcome', 'released', 'seatIds', to_jsonb(v_seat_ids),
    'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                       and status in ('creating', 'open', 'authorised')));
end
$$;

-- Late money buys its seats after all, if they are still to be had: the booking comes back to life as confirmed.
-- p_seat_ids are the own seats, or equal ones (as many of each price) that the caller found side by side. The quote stays.
-- Only an expired booking comes back: one that its buyer cancelled is over. Locks go booking → seats (in seat order) → promo code → buyers.
create or replace function revive_booking(
  p_show_id uuid,
  p_booking_id uuid,
  p_payment_id uuid,
  p_amount_minor bigint,
  p_currency text,
  p_seat_ids text[]
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_show record;
  v_old_prices text[];
  v_free_prices text[];
  v_buyer_seats integer;
begin
  select status, payment_id, user_id, seat_count, total_minor, currency, promo_code into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'reason', 'absent');
  end if;
  if v_booking.status in ('confirmed', 'ticketed') and v_booking.payment_id = p_payment_id then
    return jsonb_build_object('outcome', 'confirmed');
  end if;
  if v_booking.status <> 'expired' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'closed');
  end if;
  if v_booking.total_minor <> p_amount_minor or v_booking.currency <> p_currency then
    return jsonb_build_object('outcome', 'refused', 'reason', 'amount_mismatch');
  end if;
  v_now := clock_timestamp();
  select status, sales_close_at, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'reason', 'show_closed');
  end if;

  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  select array_agg(price_code order by price_code) into v_old_prices
    from booking_seats where show_id = p_show_id and booking_id = p_booking_id;
  select array_agg(price_code order by price_code) into v_free_prices
    from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'available';
  if v_free_prices is distinct from v_old_prices then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seats_taken');
  end if;
  -- The release has given the code back; whoever has used it since may keep it.
  if v_booking.promo_code is not null then
    perform 1 from promo_codes where show_id = p_show_id and code = v_booking.promo_code and uses < uses_max for update;
    if not found then
      return jsonb_build_object('outcome', 'refused', 'reason', 'promo_code_used');
    end if;
  end if;
  insert into show_buyers (show_id, user_id, seats)
    select p_show_id, v_booking.user_id, v_booking.seat_count
      where v_booking.seat_count <= v_show.seats_per_buyer_max
    on conflict (show_id, user_id) do update set seats = show_buyers.seats + excluded.seats
      where show_buyers.seats + excluded.seats <= v_show.seats_per_buyer_max
    returning seats into v_buyer_seats;
  if v_buyer_seats is null then
    return jsonb_build_object('outcome', 'refused', 'reason', 'seat_limit');
  end if;

  update promo_codes set uses = uses + 1 where show_id = p_show_id and code = v_booking.promo_code;
  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  -- Each new seat takes over the frozen price of an old one of its price code; the own seats keep theirs.
  with old as (
    delete from booking_seats
      where show_id = p_show_id and booking_id = p_booking_id
      returning seat_id, price_code, amount_minor, fee_minor, tax_minor
  ), numbered as (
    select price_code, amount_minor, fee_minor, tax_minor, row_number() over (partition by price_code order by seat_id) as place from old
  ), wanted as (
    select seat_id, price_code, row_number() over (partition by price_code order by seat_id) as place
      from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids)
  )
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, wanted.seat_id, wanted.price_code, numbered.amount_minor, numbered.fee_minor,
        numbered.tax_minor
      from wanted join numbered using (price_code, place);
  update bookings
    set status = 'confirmed', payment_id = p_payment_id, confirmed_at = v_now, end_reason = null, ended_at = null
    where show_id = p_show_id and booking_id = p_booking_id;
  update payments set status = 'authorised', updated_at = v_now
    where show_id = p_show_id and payment_id = p_payment_id and status in ('creating', 'open', 'voided');
  return jsonb_build_object('outcome', 'confirmed');
end
$$;
