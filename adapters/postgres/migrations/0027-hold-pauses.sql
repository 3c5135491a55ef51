-- Who lets go of holds of a show again and again, and buys none, waits before the next one. It is counted in the buyer's row, which
-- each hold and each release writes anyway.

-- How many holds in a row the buyer has let go of, none of them an hour after the one before, and when the last one was.
alter table show_buyers add column lettings integer not null default 0;
alter table show_buyers add column let_go_at timestamptz;

-- When the buyer may hold again; null: whenever they like. Three are free. After the fourth the pause is a minute, and it doubles up
-- to a quarter of an hour.
create function paused_until(p_lettings integer, p_let_go_at timestamptz) returns timestamptz
language sql
stable
as $$
  select case when p_lettings > 3 then
    p_let_go_at + make_interval(mins => least(15, 1 << least(p_lettings - 4, 4))) end
$$;

-- count_seats of 0022 again: a hold, which says when it begins, is refused while its buyer has to wait. A change of one is not.
drop function count_seats(uuid, uuid, text[], integer, integer, integer, integer);

-- Counts so many seats more against the buyer's limit, and says whether that is allowed; fewer always are. Of the wanted seats,
-- those that are past their hold and grace leave the count of their owner: the workflow that should have released them is late.
create function count_seats(
  p_show_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_more integer,
  p_seats_max integer,
  p_overdue integer,
  p_own_overdue integer,
  p_held_at timestamptz default null
) returns boolean
language plpgsql
as $$
begin
  if p_overdue > 0 then
    perform 1 from show_buyers
      where show_id = p_show_id and (user_id = p_user_id or user_id in (
        select user_id from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held'))
      order by user_id
      for update;
  end if;

  insert into show_buyers (show_id, user_id, seats)
    select p_show_id, p_user_id, greatest(p_more, 0)
      where p_more <= p_seats_max
    on conflict (show_id, user_id) do update set seats = show_buyers.seats + p_more - p_own_overdue
      where (p_more <= 0 or show_buyers.seats + p_more - p_own_overdue <= p_seats_max)
        and (paused_until(show_buyers.lettings, show_buyers.let_go_at) > p_held_at) is not true;
  if not found then
    return false;
  end if;

  if p_overdue > p_own_overdue then
    update show_buyers buyer set seats = buyer.seats - owner.seats
      from (select user_id, count(*)::integer as seats from show_seats
              where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'held' and user_id <> p_user_id
              group by user_id) owner
      where buyer.show_id = p_show_id and buyer.user_id = owner.user_id;
  end if;
  return true;
end
$$;

-- hold_seats of 0022 again: it says until when the buyer waits.
-- Holds seats for a booking: all of them or none, in one call and one commit. Running it again with the same booking id
-- returns the same hold. The row of a promo code is locked only by holds that name it.
-- Locks go seats (in seat order) → promo code → buyers (in user order); nothing else may take them the other way.
create or replace function hold_seats(
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
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_held_until timestamptz;
  v_paused_until timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
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

  -- A seat that came into being after the locks is as unknown as one that does not exist: nobody holds its lock.
  if v_locked <> cardinality(p_seat_ids) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  select taken, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_grace_seconds, v_now);
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
    v_discount := discount_of(v_wanted.amount_minor, v_promo.percent, v_promo.amount_minor);
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;
  if not count_seats(p_show_id, p_user_id, p_seat_ids, cardinality(p_seat_ids), v_show.seats_per_buyer_max,
      v_wanted.overdue, v_wanted.own_overdue, v_now) then
    select paused_until(lettings, let_go_at) into v_paused_until
      from show_buyers where show_id = p_show_id and user_id = p_user_id;
    if v_paused_until > v_now then
      return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_COOLDOWN', 'seatIds', '[]'::jsonb,
        'retryAtMs', ceil(extract(epoch from v_paused_until) * 1000));
    end if;
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
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
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor
      from quote_seats(p_show_id, p_seat_ids, v_wanted.amount_minor, v_discount);
  perform append_booking_event(p_show_id, p_booking_id, 'BookingHeld',
    jsonb_build_object('heldUntilMs', floor(extract(epoch from v_held_until) * 1000)));

  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000),
    'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount, 'feeMinor', v_wanted.fee_minor,
    'currency', v_show.currency,
    'overdueSeats', v_wanted.overdue);
end
$$;

-- release_booking of 0014 again: it counts what a buyer lets go of.
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
  -- Who lets go without buying; not whom support, the show or a provider that did not answer has left without seats.
  v_let_go boolean;
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
  v_now := clock_timestamp();
  v_let_go := v_booking.status = 'held' and (p_reason = 'buyer' or (p_reason = 'hold_ended' and not p_payments_settled));
  update show_buyers set seats = seats - cardinality(v_seat_ids),
      lettings = case when not v_let_go then lettings when let_go_at > v_now - interval '1 hour' then lettings + 1 else 1 end,
      let_go_at = case when v_let_go then v_now else let_go_at end
    where show_id = p_show_id and user_id = v_booking.user_id;

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

-- issue_tickets of 0010 again: a purchase forgives.
-- Writes down the capture, the tickets and the news of them together: money and tickets are one transaction.
-- Locks go booking → buyers.
create or replace function issue_tickets(p_show_id uuid, p_booking_id uuid, p_captured_minor bigint) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_booking record;
begin
  select status, payment_id, user_id, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found or v_booking.status not in ('confirmed', 'ticketed', 'refunded') then
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
    update show_buyers set lettings = 0 where show_id = p_show_id and user_id = v_booking.user_id and lettings > 0;
    perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', jsonb_build_object(
      'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
      'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                          from tickets where show_id = p_show_id and booking_id = p_booking_id)));
  end if;
  return jsonb_build_object('outcome', 'ticketed',
    'tickets', (select count(*) from tickets where show_id = p_show_id and booking_id = p_booking_id),
    'openPayments', (select count(*) from payments where show_id = p_show_id and booking_id = p_booking_id
                       and status in ('creating', 'open', 'authorised') and payment_id <> v_booking.payment_id));
end
$$;
