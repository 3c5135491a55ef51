-- hold_seats of 0014 again, and apart from it what a change of a hold needs as well: what is wrong with the wanted seats, what they
-- cost, and whether the buyer may have them. It does what it did.

-- How the wanted seats stand for this booking, and what they cost at the list's prices. Its own seats are neither taken nor overdue.
create function survey_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_grace_seconds integer,
  p_now timestamptz
) returns table (taken text[], overdue integer, own_overdue integer, amount_minor bigint, fee_minor bigint)
language sql
stable
as $$
  select
      coalesce(array_agg(seat.seat_id order by seat.seat_id) filter (where seat.status in ('booked', 'blocked')
        or (seat.held_until + make_interval(secs => p_grace_seconds) > p_now and seat.booking_id <> p_booking_id)), '{}'),
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id))::integer,
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id and seat.user_id = p_user_id))::integer,
      coalesce(sum(price.amount_minor), 0)::bigint,
      coalesce(sum(price.fee_minor), 0)::bigint
    from show_seats seat
    left join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
    where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
$$;

-- Those of the wanted seats that the show does not have.
create function unknown_seats(p_show_id uuid, p_seat_ids text[]) returns text[]
language sql
stable
as $$
  select coalesce(array_agg(wanted.seat_id order by wanted.seat_id), '{}')
    from unnest(p_seat_ids) as wanted (seat_id)
    where not exists (select 1 from show_seats seat where seat.show_id = p_show_id and seat.seat_id = wanted.seat_id)
$$;

-- What a promo code takes off a sum of seat prices.
create function discount_of(p_amount_minor bigint, p_percent integer, p_off_minor bigint) returns bigint
language sql
immutable
as $$
  select least(p_amount_minor, coalesce(p_off_minor, (p_amount_minor * p_percent + 50) / 100))
$$;

-- What each seat costs when so much is taken off the sum of their prices. The discount falls on the seats by their prices: each gets the whole
-- minor units between its place in the running sum and the place before it, so that the parts add up to the discount exactly.
create function quote_seats(p_show_id uuid, p_seat_ids text[], p_amount_minor bigint, p_discount_minor bigint)
returns table (seat_id text, price_code text, amount_minor bigint, fee_minor bigint, tax_minor bigint)
language sql
stable
as $$
  select seat_id, price_code, amount_minor - discount_minor, fee_minor,
      (2 * (amount_minor - discount_minor + fee_minor) * tax_basis_points + 10000 + tax_basis_points)
        / (2 * (10000 + tax_basis_points))
    from (
      select seat.seat_id, seat.price_code, price.amount_minor, price.fee_minor, price.tax_basis_points,
          case when p_discount_minor = 0 then 0 else
            p_discount_minor * (sum(price.amount_minor) over upto)::bigint / p_amount_minor
              - p_discount_minor * ((sum(price.amount_minor) over upto)::bigint - price.amount_minor) / p_amount_minor
          end as discount_minor
        from show_seats seat
        join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
        where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
        window upto as (order by seat.seat_id)
    ) priced
$$;

-- Counts so many seats more against the buyer's limit, and says whether that is allowed; fewer always are. Of the wanted seats,
-- those that are past their hold and grace leave the count of their owner: the workflow that should have released them is late.
create function count_seats(
  p_show_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_more integer,
  p_seats_max integer,
  p_overdue integer,
  p_own_overdue integer
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
      where p_more <= 0 or show_buyers.seats + p_more - p_own_overdue <= p_seats_max;
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

-- Holds seats for a booking: all of them or none, in one call and one commit. Running it again with the same booking id
-- returns the same hold. The row of a promo code is locked only by holds that name it.
-- Locks go seats (in seat order) → promo code → buyers (in user order); nothing else may take them the other way.
-- Its statements are planned once in a connection and not at every hold: 0.41 ms of a processor a hold instead of 0.88. The plans
-- go by the keys, because one that was made for a small table would read all of it for ever when it has grown.
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
      v_wanted.overdue, v_wanted.own_overdue) then
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
