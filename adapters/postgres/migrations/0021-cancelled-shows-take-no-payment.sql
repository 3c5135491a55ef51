-- open_payment of 0013 again: nobody begins to pay for a show that is cancelled.

-- Opens a payment attempt, or returns the one that is open: a reloaded page pays the same attempt. Only a live hold can be paid.
-- The show is read without a lock: a payment that is opened while it is being cancelled is closed by the cancellation.
create or replace function open_payment(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_payment_id uuid,
  p_provider text,
  p_attempts_max integer
) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_payment record;
  v_attempts integer;
  v_provider text;
begin
  select status, held_until, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id and user_id = p_user_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND');
  end if;
  perform 1 from shows where show_id = p_show_id and status = 'cancelled';
  if found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED');
  end if;
  v_now := clock_timestamp();
  if v_booking.status = 'expired' or (v_booking.status = 'held' and v_booking.held_until <= v_now) then
    return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_EXPIRED');
  end if;
  if v_booking.status <> 'held' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED');
  end if;

  -- Nothing to pay, nobody to ask.
  v_provider := case when v_booking.total_minor = 0 then 'free' else p_provider end;
  select payment_id, attempt, provider_payment_id into v_payment
    from payments
    where show_id = p_show_id and booking_id = p_booking_id and provider = v_provider
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
      values (p_show_id, p_payment_id, p_booking_id, v_attempts + 1, v_provider, 'creating', v_booking.total_minor,
        v_booking.currency, v_now, v_now)
      returning payment_id, attempt, provider_payment_id into v_payment;
  end if;
  return jsonb_build_object(
    'outcome', 'open', 'paymentId', v_payment.payment_id, 'provider', v_provider, 'attempt', v_payment.attempt,
    'amountMinor', v_booking.total_minor, 'currency', v_booking.currency);
end
$$;
