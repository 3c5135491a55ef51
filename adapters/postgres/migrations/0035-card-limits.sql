-- How many seats of a show one card may pay for; null: as many as it likes. Who pays with a card shows it to the provider alone, and the
-- provider has a fingerprint of it. Of that only a digest is kept, another one for each show: it says that two payments of a show came
-- from one card, and nothing else. Empty where the provider has none.
alter table shows add column seats_per_card_max integer;
alter table payments add column card_digest bytea;
-- The table is scanned once to make it, and payments wait for that.
-- squawk-ignore require-concurrent-index-creation
create index payments_by_card on payments (show_id, card_digest) where card_digest is not null;

-- What those who pay with one card lock, so that one of them is counted after the other. Only of shows with such a limit.
create table show_cards (
  show_id uuid not null,
  card_digest bytea not null,
  primary key (show_id, card_digest)
);

-- Why the card of this payment may not pay for so many more seats; null when it may. Nothing is counted up and down: what the card
-- has bought is what its bookings have now, so that seats that were released or given back are free again.
create function refuse_by_card(p_show_id uuid, p_payment_id uuid, p_seats integer, p_seats_max integer) returns text
language plpgsql
as $$
declare
  v_payment record;
  v_seats integer;
begin
  if p_seats_max is null then
    return null;
  end if;
  select provider, card_digest into v_payment from payments where show_id = p_show_id and payment_id = p_payment_id;
  if not found or v_payment.provider = 'free' or v_payment.card_digest = '' then
    return null;
  end if;
  if v_payment.card_digest is null then
    return 'card_unknown';
  end if;
  insert into show_cards (show_id, card_digest) values (p_show_id, v_payment.card_digest) on conflict do nothing;
  perform 1 from show_cards where show_id = p_show_id and card_digest = v_payment.card_digest for update;
  -- A statement after the lock: it sees what whoever had the lock before has committed.
  select count(*) into v_seats
    from payments paid
    join bookings bought on bought.show_id = paid.show_id and bought.booking_id = paid.booking_id
      and bought.payment_id = paid.payment_id
    join booking_seats own on own.show_id = bought.show_id and own.booking_id = bought.booking_id
    join show_seats seat on seat.show_id = own.show_id and seat.seat_id = own.seat_id
      and seat.booking_id = own.booking_id and seat.status = 'booked'
    where paid.show_id = p_show_id and paid.card_digest = v_payment.card_digest;
  return case when v_seats + p_seats > p_seats_max then 'card_limit' end;
end
$$;

-- confirm_booking of 0010 again: the card is asked before anything is written.
-- The seats become the buyer's once a payment is authorised, and not before. Whoever holds them wins, whatever the clock says:
-- a hold past its time is still the buyer's until somebody else has taken the seats.
-- Locks go booking → seats (in seat order) → card.
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
  v_show record;
  v_refused text;
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
  select status, seats_per_card_max into v_show from shows where show_id = p_show_id;
  if v_show.status <> 'scheduled' then
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
  v_refused := refuse_by_card(p_show_id, p_payment_id, v_booking.seat_count, v_show.seats_per_card_max);
  if v_refused is not null then
    return jsonb_build_object('outcome', 'refused', 'reason', v_refused);
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

-- revive_booking of 0030 again: the same for late money.
-- Late money buys its seats after all, if they are still to be had: the booking comes back to life as confirmed.
-- p_seat_ids are the own seats, or equal ones (as many of each price) that the caller found side by side. The quote stays.
-- Only an expired booking comes back: one that its buyer cancelled is over. The organiser's rules hold for it as for any other, and it
-- takes over nothing: a hold beside its seats is in the way, however long it is over. Locks go booking → seats (in seat order) → promo code
-- → card → buyers.
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
