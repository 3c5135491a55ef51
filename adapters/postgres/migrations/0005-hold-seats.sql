-- Says in the outbox what has become of a booking, in the transaction that changed it. uuidv7 ids follow the row locks, so
-- the events of one booking, and of one seat, are in the order of their commits.
create function append_booking_event(p_show_id uuid, p_booking_id uuid, p_type text, p_details jsonb) returns void
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

-- Holds seats for a booking: all of them or none, in one call and one commit. Running it again with the same booking id
-- returns the same hold. Locks go seats (in seat order) → buyers (in user order); nothing else may take them the other way.
create function hold_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint
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
