-- When a change of its hold has added the seat; null: it was held with the booking. Whoever looks for a seat that two have held
-- needs to know.
alter table booking_seats add column added_at timestamptz;

-- Adds seats to a hold and drops others: all of it or nothing, while nobody has begun to pay for it. The hold ends when it would
-- have ended. All its seats are quoted anew, so that discount and taxes are those of a hold of just these seats. What is so already
-- is no error: running it again returns the hold as it is.
-- Locks go booking → seats (in seat order) → buyers.
create function change_hold(
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
begin
  select status, user_id, held_until, total_minor, fee_minor, currency, promo_code into v_booking
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
  select status, sales_close_at, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if cardinality(v_added) > 0 and (v_show.status <> 'scheduled' or v_now >= v_show.sales_close_at) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;

  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_added || v_dropped)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(v_added || v_dropped) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, v_added)));
  end if;
  select taken, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, v_booking.user_id, v_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  -- The code is used by this hold already: whether it is valid still, or used up, is no question.
  if v_booking.promo_code is not null then
    select discount_of(v_wanted.amount_minor, percent, amount_minor) into v_discount
      from promo_codes where show_id = p_show_id and code = v_booking.promo_code;
  end if;
  if v_wanted.amount_minor + v_wanted.fee_minor - v_discount <> p_expected_total_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'PRICE_CHANGED', 'seatIds', '[]'::jsonb);
  end if;
  if not count_seats(p_show_id, v_booking.user_id, v_added, cardinality(v_added) - cardinality(v_dropped),
      v_show.seats_per_buyer_max, v_wanted.overdue, v_wanted.own_overdue) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_dropped) and booking_id = p_booking_id;
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

-- The same, and how the seats stand that were to be added or dropped: a dropped one is no seat of the booking any more.
create function change_hold_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_add text[],
  p_drop text[],
  p_expected_total_minor bigint,
  p_grace_seconds integer,
  p_seats_max integer
) returns jsonb
language plpgsql
as $$
declare
  v_outcome jsonb := change_hold(p_show_id, p_booking_id, p_add, p_drop, p_expected_total_minor, p_grace_seconds, p_seats_max);
begin
  if v_outcome ->> 'outcome' = 'refused' then
    return v_outcome;
  end if;
  return v_outcome || jsonb_build_object('seats', (
    select jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version,
        'heldUntilMs', floor(extract(epoch from held_until) * 1000)) order by seat_id)
      from show_seats where show_id = p_show_id and seat_id = any(p_add || p_drop)));
end
$$;
