-- What a payment has taken, as the provider says. Late and second payments are written down here before they are given back.
create function record_capture(p_show_id uuid, p_payment_id uuid, p_captured_minor bigint) returns void
language sql
as $$
  update payments set status = 'captured', captured_minor = p_captured_minor, updated_at = clock_timestamp()
    where show_id = p_show_id and payment_id = p_payment_id and status not in ('captured', 'refunded');
$$;

-- Opens the refund of all that is left of a payment which bought nothing: too late, paid twice, a show that was cancelled.
-- The same cause again finds the same refund. 'in_use': the payment has bought the booking's tickets.
-- Locks go booking → payment.
create function open_stray_refund(p_show_id uuid, p_payment_id uuid, p_cause text) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_refund record;
  v_left bigint;
  v_refund_id uuid := uuidv7();
begin
  select booking.booking_id, booking.status, booking.payment_id into v_booking
    from payments payment
    join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
    where payment.show_id = p_show_id and payment.payment_id = p_payment_id and booking.show_id = p_show_id
    for update of booking;
  select captured_minor, currency into v_payment
    from payments where show_id = p_show_id and payment_id = p_payment_id
    for update;
  select refund_id, attempt, amount_minor into v_refund
    from refunds where show_id = p_show_id and payment_id = p_payment_id and cause = p_cause;
  if found then
    return jsonb_build_object('outcome', 'open', 'refundId', v_refund.refund_id, 'amountMinor', v_refund.amount_minor);
  end if;
  if v_booking.payment_id = p_payment_id and v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    return jsonb_build_object('outcome', 'in_use');
  end if;

  select v_payment.captured_minor - coalesce(sum(amount_minor), 0) into v_left
    from refunds where show_id = p_show_id and payment_id = p_payment_id;
  if v_left <= 0 then
    return jsonb_build_object('outcome', 'nothing_left');
  end if;
  v_now := clock_timestamp();
  insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
      created_at, updated_at)
    values (p_show_id, v_refund_id, p_payment_id, v_booking.booking_id, p_cause, v_left, v_payment.currency, 'requested', 1,
      v_now, v_now);
  return jsonb_build_object('outcome', 'open', 'refundId', v_refund_id, 'amountMinor', v_left);
end
$$;

-- Gives up seats of a ticketed booking: the tickets die, the seats go back on sale and the refund is opened, in one transaction,
-- so that no ticket opens a door once money may be on its way. p_seat_ids null: all that are still live.
-- The same cause again finds the same refund. Locks go booking → payment → seats (in seat order) → buyers.
create function refund_tickets(
  p_show_id uuid,
  p_booking_id uuid,
  p_cause text,
  p_seat_ids text[],
  p_with_fees boolean
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_refund record;
  v_seat_ids text[];
  v_amount bigint;
  v_refunded bigint;
  v_is_last boolean;
  v_refund_id uuid := uuidv7();
begin
  select status, payment_id, user_id, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  select captured_minor into v_payment
    from payments where show_id = p_show_id and payment_id = v_booking.payment_id
    for update;
  select refund_id, amount_minor into v_refund
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id and cause = p_cause;
  if found then
    return jsonb_build_object('outcome', 'open', 'refundId', v_refund.refund_id, 'amountMinor', v_refund.amount_minor,
      'seatIds', (select coalesce(jsonb_agg(seat_id order by seat_id), '[]') from refund_seats
                    where show_id = p_show_id and refund_id = v_refund.refund_id));
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS');
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  select coalesce(array_agg(seat_id order by seat_id), '{}') into v_seat_ids
    from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live'
      and (p_seat_ids is null or seat_id = any(p_seat_ids));
  if cardinality(v_seat_ids) < coalesce(cardinality(p_seat_ids), 1) then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE');
  end if;
  select coalesce(sum(amount_minor + case when p_with_fees then fee_minor else 0 end), 0) into v_amount
    from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  select coalesce(sum(amount_minor), 0) into v_refunded
    from refunds where show_id = p_show_id and payment_id = v_booking.payment_id;
  -- Never more than was taken, whatever the provider would allow.
  if v_refunded + v_amount > v_payment.captured_minor then
    return jsonb_build_object('outcome', 'refused', 'code', 'REFUND_EXCEEDS_PAYMENT');
  end if;

  v_now := clock_timestamp();
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id
    order by seat_id
    for update;
  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(v_seat_ids) and booking_id = p_booking_id;
  update show_buyers set seats = seats - cardinality(v_seat_ids)
    where show_id = p_show_id and user_id = v_booking.user_id;
  update tickets set status = 'void'
    where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  select not exists (select 1 from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live')
    into v_is_last;
  if v_is_last then
    update bookings set status = 'refunded', end_reason = p_cause, ended_at = v_now
      where show_id = p_show_id and booking_id = p_booking_id;
  end if;
  if v_amount > 0 then
    insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
        created_at, updated_at)
      values (p_show_id, v_refund_id, v_booking.payment_id, p_booking_id, p_cause, v_amount, v_booking.currency,
        'requested', 1, v_now, v_now);
  end if;
  insert into refund_seats (show_id, refund_id, booking_id, seat_id, amount_minor, fee_minor)
    select p_show_id, v_refund_id, p_booking_id, seat_id, amount_minor, case when p_with_fees then fee_minor else 0 end
      from booking_seats
      where show_id = p_show_id and booking_id = p_booking_id and seat_id = any(v_seat_ids);
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsVoided',
    jsonb_build_object('voidedSeatIds', to_jsonb(v_seat_ids), 'cause', p_cause, 'refundMinor', v_amount,
      'currency', v_booking.currency));
  return jsonb_build_object('outcome', case when v_amount > 0 then 'open' else 'nothing_to_pay' end,
    'refundId', v_refund_id, 'amountMinor', v_amount, 'seatIds', to_jsonb(v_seat_ids));
end
$$;

-- Writes down what the provider says of one attempt. Only the present attempt is listened to: an answer to an earlier one is
-- history. A refund that fails after it had succeeded is owed again. Locks go booking → payment → refund.
create function record_refund(
  p_show_id uuid,
  p_refund_id uuid,
  p_attempt integer,
  p_status text,
  p_provider_refund_id text,
  p_failure text
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_refund record;
begin
  select refund.booking_id, refund.payment_id into v_refund
    from refunds refund
    join bookings booking on booking.show_id = refund.show_id and booking.booking_id = refund.booking_id
    where refund.show_id = p_show_id and refund.refund_id = p_refund_id and booking.show_id = p_show_id
    for update of booking;
  if not found then
    raise exception 'no refund %', p_refund_id;
  end if;
  perform 1 from payments where show_id = p_show_id and payment_id = v_refund.payment_id for update;
  select booking_id, payment_id, status, attempt, amount_minor, currency into v_refund
    from refunds where show_id = p_show_id and refund_id = p_refund_id
    for update;
  if v_refund.attempt <> p_attempt or v_refund.status = 'settled' then
    return jsonb_build_object('status', v_refund.status, 'attempt', v_refund.attempt);
  end if;

  v_now := clock_timestamp();
  if p_status = 'failed' then
    update refunds
      set status = 'requested', attempt = attempt + 1, failure = p_failure, provider_refund_id = null, updated_at = v_now
      where show_id = p_show_id and refund_id = p_refund_id;
    if v_refund.status = 'succeeded' then
      update payments set refunded_minor = refunded_minor - v_refund.amount_minor, status = 'captured', updated_at = v_now
        where show_id = p_show_id and payment_id = v_refund.payment_id;
    end if;
    return jsonb_build_object('status', 'requested', 'attempt', p_attempt + 1);
  end if;

  update refunds
    set status = p_status, provider_refund_id = coalesce(p_provider_refund_id, provider_refund_id), updated_at = v_now
    where show_id = p_show_id and refund_id = p_refund_id
      and (status <> p_status or provider_refund_id is distinct from p_provider_refund_id);
  if p_status in ('succeeded', 'settled') and v_refund.status <> 'succeeded' then
    update payments
      set refunded_minor = refunded_minor + v_refund.amount_minor, updated_at = v_now,
        status = case when refunded_minor + v_refund.amount_minor = captured_minor then 'refunded' else status end
      where show_id = p_show_id and payment_id = v_refund.payment_id;
    perform append_booking_event(p_show_id, v_refund.booking_id, 'BookingRefunded', jsonb_build_object(
      'refundId', p_refund_id, 'amountMinor', v_refund.amount_minor, 'currency', v_refund.currency));
  end if;
  return jsonb_build_object('status', p_status, 'attempt', p_attempt);
end
$$;
