-- What was free leaves no refund, so a request that came again found its tickets gone and was refused. Its seats now stand under
-- an id that is made from the request, and are found by it.
create function free_refund_id(p_booking_id uuid, p_cause text) returns uuid
language sql immutable
as $$
  select md5(p_booking_id::text || ' ' || p_cause)::uuid
$$;

-- refund_tickets of 0008 again: the same cause finds what it gave back for nothing, too.
-- Locks go booking → payment → seats (in seat order) → buyers.
create or replace function refund_tickets(
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
  v_free_id uuid := free_refund_id(p_booking_id, p_cause);
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
  select array_agg(seat_id order by seat_id) into v_seat_ids
    from refund_seats where show_id = p_show_id and refund_id = v_free_id;
  if v_seat_ids is not null then
    return jsonb_build_object('outcome', 'nothing_to_pay', 'refundId', v_free_id, 'amountMinor', 0,
      'seatIds', to_jsonb(v_seat_ids));
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
  else
    v_refund_id := v_free_id;
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
