-- Late money and a change of a hold obey channels and distances too: functions of 0014 and 0026 again.

-- Late money buys its seats after all, if they are still to be had: the booking comes back to life as confirmed.
-- p_seat_ids are the own seats, or equal ones (as many of each price) that the caller found side by side. The quote stays.
-- Only an expired booking comes back: one that its buyer cancelled is over. The organiser's rules hold for it as for any other, and it
-- takes over nothing: a hold beside its seats is in the way, however long it is over. Locks go booking → seats (in seat order) → promo code → buyers.
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
  v_near text[];
begin
  select status, payment_id, user_id, seat_count, total_minor, currency, promo_code, channel into v_booking
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
  select status, sales_open_at, sales_close_at, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'reason', 'show_closed');
  end if;

  v_near := near_seats(p_show_id, p_seat_ids);
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
    order by seat_id
    for update;
  select array_agg(price_code order by price_code) into v_old_prices
    from booking_seats where show_id = p_show_id and booking_id = p_booking_id;
  select array_agg(price_code order by price_code) into v_free_prices
    from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids) and status = 'available';
  if v_free_prices is distinct from v_old_prices
      or refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, v_booking.channel, v_show.sales_open_at, null,
        v_now) is not null then
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

-- Adds seats to a hold and drops others: all of it or nothing, while nobody has begun to pay for it. The hold ends when it would
-- have ended. All its seats are quoted anew, so that discount and taxes are those of a hold of just these seats. What is so already
-- is no error: running it again returns the hold as it is.
-- Locks go booking → seats (in seat order) → buyers.
create or replace function change_hold(
  p_show_id uuid,
  p_booking_id uuid,
  p_add text[],
  p_drop text[],
  p_expected_total_minor bigint,
  p_grace_seconds integer,
  p_seats_max integer
) returns jsonb
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_show record;
  v_own text[];
  v_added text[];
  v_dropped text[];
  v_seat_ids text[];
  v_locked integer;
  v_wanted record;
  v_discount bigint := 0;
  v_near text[];
  v_left text[] := '{}';
  v_own_left integer := 0;
  v_refused jsonb;
begin
  select status, user_id, held_until, total_minor, fee_minor, currency, promo_code, channel into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  v_now := clock_timestamp();
  if v_booking.status = 'expired' or (v_booking.status = 'held' and v_booking.held_until <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_EXPIRED', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED', 'seatIds', '[]'::jsonb);
  end if;

  select array_agg(seat_id) into v_own from booking_seats where show_id = p_show_id and booking_id = p_booking_id;
  v_added := array(select unnest(p_add) except select unnest(v_own));
  v_dropped := array(select unnest(v_own) intersect select unnest(p_drop));
  v_seat_ids := array(
    (select unnest(v_own) except select unnest(v_dropped)) union select unnest(v_added) order by 1);
  if cardinality(v_added) + cardinality(v_dropped) = 0 then
    return jsonb_build_object(
      'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000), 'seatIds', to_jsonb(v_seat_ids),
      'totalMinor', v_booking.total_minor, 'feeMinor', v_booking.fee_minor, 'currency', v_booking.currency);
  end if;
  -- Also when it is closed again: its money may still come, and it would come for the old sum.
  perform 1 from payments where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    return jsonb_build_object('outcome', 'refused', 'code', 'PAYMENT_BEGUN', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_seat_ids) = 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_WOULD_BE_EMPTY', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_seat_ids) > p_seats_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEATS_TOO_MANY', 'seatIds', '[]'::jsonb);
  end if;
  select status, sales_open_at, sales_close_at, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if cardinality(v_added) > 0 and (v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;

  -- As a hold has it: what a channel keeps is not added once the channel is closed and the general sale not open.
  if cardinality(v_added) > 0 and v_now < v_show.sales_open_at and exists (select 1 from show_channels
      where show_id = p_show_id and channel = v_booking.channel and closes_at <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_CLOSED', 'seatIds', '[]'::jsonb);
  end if;

  v_near := near_seats(p_show_id, v_added);
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_added || v_dropped || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  if v_locked <> (select count(distinct seat_id) from unnest(v_added || v_dropped || v_near) as seat_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, v_added)));
  end if;
  select taken, has_channel, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, v_booking.user_id, v_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  if v_wanted.has_channel or v_booking.channel is not null or cardinality(v_near) > 0 then
    v_refused := refuse_by_rule(p_show_id, p_booking_id, v_added, v_near, v_booking.channel, v_show.sales_open_at, p_grace_seconds, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
  end if;
  -- The code is used by this hold already: whether it is valid still, or used up, is no question.
  if v_booking.promo_code is not null then
    select discount_of(v_wanted.amount_minor, percent, amount_minor) into v_discount
      from promo_codes where show_id = p_show_id and code = v_booking.promo_code;
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;
  if cardinality(v_near) > 0 then
    select seat_ids, own into v_left, v_own_left from overdue_beside(p_show_id, p_booking_id, v_booking.user_id, v_near);
  end if;
  if not count_seats(p_show_id, v_booking.user_id, v_added || v_left, cardinality(v_added) - cardinality(v_dropped),
      v_show.seats_per_buyer_max, v_wanted.overdue + cardinality(v_left), v_wanted.own_overdue + v_own_left) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and (seat_id = any(v_dropped) and booking_id = p_booking_id or seat_id = any(v_left));
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = v_booking.held_until,
      version = version + 1
    where show_id = p_show_id and seat_id = any(v_added);
  delete from booking_seats where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_dropped);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor, added_at)
    select p_show_id, p_booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor, v_now
      from quote_seats(p_show_id, v_seat_ids, v_wanted.amount_minor, v_discount)
    on conflict (show_id, booking_id, seat_id) do update
      set price_code = excluded.price_code, amount_minor = excluded.amount_minor, fee_minor = excluded.fee_minor,
        tax_minor = excluded.tax_minor;
  update bookings
    set seat_count = cardinality(v_seat_ids), total_minor = v_wanted.amount_minor + v_wanted.fee_minor - v_discount,
      fee_minor = v_wanted.fee_minor, discount_minor = v_discount
    where show_id = p_show_id and booking_id = p_booking_id;
  perform append_booking_event(p_show_id, p_booking_id, 'HoldChanged',
    jsonb_build_object('addedSeatIds', to_jsonb(v_added), 'droppedSeatIds', to_jsonb(v_dropped)));
  return jsonb_build_object(
    'outcome', 'held', 'heldUntilMs', floor(extract(epoch from v_booking.held_until) * 1000), 'seatIds', to_jsonb(v_seat_ids),
    'totalMinor', v_wanted.amount_minor + v_wanted.fee_minor - v_discount, 'feeMinor', v_wanted.fee_minor,
    'currency', v_booking.currency);
end
$$;
