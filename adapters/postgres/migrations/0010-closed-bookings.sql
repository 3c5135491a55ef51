-- Three functions of 0006 again, now that a sold booking can be refunded and a show can be cancelled under a checkout.

-- The seats become the buyer's once a payment is authorised, and not before. Whoever holds them wins, whatever the clock says:
-- a hold past its time is still the buyer's until somebody else has taken the seats.
-- Locks go booking → seats (in seat order) → buyers.
create or replace function confirm_booking(
  p_show_id uuid,
  p_booking_id uuid,
  p_payment_id uuid,
  p_amount_minor bigint,
  p_currency text
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_seats integer;
  v_show_status text;
begin
  select status, payment_id, seat_count, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'reason', 'absent');
  end if;
  if v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    if v_booking.payment_id = p_payment_id then
      return jsonb_build_object('outcome', 'confirmed');
    end if;
    return jsonb_build_object('outcome', 'refused', 'reason', 'paid_otherwise');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'closed');
  end if;
  -- Not locked: a cancellation looks again until no booking is left, so a confirm that has slipped by is found.
  select status into v_show_status from shows where show_id = p_show_id;
  if v_show_status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'reason', 'show_cancelled');
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

-- Writes down the capture, the tickets and the news of them together: money and tickets are one transaction.
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
  select status, user_id into v_booking
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
