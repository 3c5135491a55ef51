-- Money that goes back buys nothing any more, and that is decided once. An attempt to buy with late money may be lost with its worker,
-- and arrive when another one has been refused, the money was voided and the seats are free: it brought the booking back to life,
-- confirmed, with nobody to pay for it or to end it.
alter table payments add column returning_at timestamp with time zone;

-- 'kept': the payment has bought its booking. 'returning': from now on it never will.
create function return_payment(p_show_id uuid, p_payment_id uuid)
returns text
language plpgsql
as $$
declare
  v_booking record;
begin
  select booking.status, booking.payment_id into v_booking
    from payments payment
    join bookings booking on booking.show_id = payment.show_id and booking.booking_id = payment.booking_id
    where payment.show_id = p_show_id and payment.payment_id = p_payment_id and booking.show_id = p_show_id
    for update of booking;
  if v_booking.payment_id = p_payment_id and v_booking.status in ('confirmed', 'ticketed', 'refunded') then
    return 'kept';
  end if;
  update payments set returning_at = clock_timestamp()
    where show_id = p_show_id and payment_id = p_payment_id and returning_at is null;
  return 'returning';
end
$$;

-- revive_booking of 0035 again, which refuses money that goes back.
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
  v_refused text;
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
  -- Read after the lock that return_payment takes as well.
  if exists (select 1 from payments where show_id = p_show_id and payment_id = p_payment_id and returning_at is not null) then
    return jsonb_build_object('outcome', 'refused', 'reason', 'money_returned');
  end if;
  if v_booking.total_minor <> p_amount_minor or v_booking.currency <> p_currency then
    return jsonb_build_object('outcome', 'refused', 'reason', 'amount_mismatch');
  end if;
  v_now := clock_timestamp();
  select status, sales_open_at, sales_close_at, seats_per_buyer_max, seats_per_card_max into v_show from shows where show_id = p_show_id;
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
  v_refused := refuse_by_card(p_show_id, p_payment_id, v_booking.seat_count, v_show.seats_per_card_max);
  if v_refused is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', v_refused);
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
