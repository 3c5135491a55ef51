-- Holds obey channels and distances: hold_seats of 0027 again, and apart from it the rules of 0028, which late money and a change of a
-- hold obey as well (0030). A show without rules pays a look at its row for them.

-- The seats that others may not have beside these: none unless the show keeps a distance. A seat that the show does not have does not
-- count.
create function near_seats(p_show_id uuid, p_seat_ids text[]) returns text[]
language plpgsql
stable
as $$
declare
  v_show record;
begin
  select layout_hash, seats_apart into v_show from shows where show_id = p_show_id and seats_apart > 0;
  if not found then
    return '{}';
  end if;
  return array(
    select distinct near.seat_id
      from layout_stretches own
      join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
        and near.nth between own.nth - v_show.seats_apart and own.nth + v_show.seats_apart
      join show_seats seat on seat.show_id = p_show_id and seat.seat_id = near.seat_id
      where own.layout_hash = v_show.layout_hash and own.seat_id = any(p_seat_ids) and near.seat_id <> all(p_seat_ids));
end
$$;

-- Why nothing can be ordered through a channel now; null: it can.
create function refuse_channel(p_show_id uuid, p_channel text, p_sales_open_at timestamptz, p_now timestamptz) returns jsonb
language plpgsql
stable
as $$
declare
  v_channel record;
begin
  select opens_at, closes_at into v_channel from show_channels where show_id = p_show_id and channel = p_channel;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_UNKNOWN', 'seatIds', '[]'::jsonb);
  end if;
  if p_now < coalesce(v_channel.opens_at, p_sales_open_at) or p_now >= v_channel.closes_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_CLOSED', 'seatIds', '[]'::jsonb);
  end if;
  return null;
end
$$;

-- Which of the wanted seats the organiser's rules refuse to this booking, and by which rule; null: none. The seats and those beside
-- them are locked. The seats of a channel are for who comes through it, until it closes. Before the general sale a channel sells no
-- others: it would sell those that everybody waits for. p_sales_open_at is null where that is no question, p_grace_seconds where a hold
-- that is over is in the way as well.
create function refuse_by_rule(
  p_show_id uuid,
  p_booking_id uuid,
  p_seat_ids text[],
  p_near text[],
  p_channel text,
  p_sales_open_at timestamptz,
  p_grace_seconds integer,
  p_now timestamptz
) returns jsonb
language plpgsql
stable
as $$
declare
  v_seat_ids text[];
begin
  v_seat_ids := array(
    select seat.seat_id from show_seats seat
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids) and seat.booking_id is distinct from p_booking_id
        and seat.channel is not null and seat.channel is distinct from p_channel
        and not exists (select 1 from show_channels closed
          where closed.show_id = p_show_id and closed.channel = seat.channel and closed.closes_at <= p_now)
      order by seat.seat_id);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_HELD_BACK', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  if p_now < p_sales_open_at then
    v_seat_ids := array(
      select seat_id from show_seats
        where show_id = p_show_id and seat_id = any(p_seat_ids) and channel is distinct from p_channel
        order by seat_id);
    if cardinality(v_seat_ids) > 0 then
      return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', to_jsonb(v_seat_ids));
    end if;
  end if;
  if cardinality(p_near) > 0 then
    v_seat_ids := array(
      select distinct own.seat_id
        from shows show
        join layout_stretches own on own.layout_hash = show.layout_hash and own.seat_id = any(p_seat_ids)
        join layout_stretches near on near.layout_hash = own.layout_hash and near.stretch = own.stretch
          and near.nth between own.nth - show.seats_apart and own.nth + show.seats_apart
        join show_seats seat on seat.show_id = p_show_id and seat.seat_id = near.seat_id
        where show.show_id = p_show_id and near.seat_id = any(p_near) and seat.booking_id <> p_booking_id
          and (seat.status = 'booked' or p_grace_seconds is null
            or seat.held_until + make_interval(secs => p_grace_seconds) > p_now)
        order by own.seat_id);
    if cardinality(v_seat_ids) > 0 then
      return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TOO_CLOSE', 'seatIds', to_jsonb(v_seat_ids));
    end if;
  end if;
  return null;
end
$$;

-- Of the seats beside those that a booking gets, those that others hold: past their grace, or the rule would have refused. They leave
-- their owner, because two bookings nearer than the distance could be paid otherwise. 'own' counts this buyer's.
create function overdue_beside(p_show_id uuid, p_booking_id uuid, p_user_id uuid, p_near text[])
returns table (seat_ids text[], own integer)
language sql
stable
as $$
  select coalesce(array_agg(seat_id order by seat_id), '{}'), (count(*) filter (where user_id = p_user_id))::integer
    from show_seats
    where show_id = p_show_id and seat_id = any(p_near) and status = 'held' and booking_id <> p_booking_id
$$;

drop function survey_seats(uuid, uuid, uuid, text[], integer, timestamptz);

-- How the wanted seats stand for this booking, and what they cost at the list's prices. Its own seats are neither taken nor overdue.
create function survey_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_grace_seconds integer,
  p_now timestamptz
) returns table (taken text[], has_channel boolean, overdue integer, own_overdue integer, amount_minor bigint, fee_minor bigint)
language sql
stable
as $$
  select
      coalesce(array_agg(seat.seat_id order by seat.seat_id) filter (where seat.status in ('booked', 'blocked')
        or (seat.held_until + make_interval(secs => p_grace_seconds) > p_now and seat.booking_id <> p_booking_id)), '{}'),
      coalesce(bool_or(seat.channel is not null), false),
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id))::integer,
      (count(*) filter (where seat.status = 'held' and seat.booking_id <> p_booking_id and seat.user_id = p_user_id))::integer,
      coalesce(sum(price.amount_minor), 0)::bigint,
      coalesce(sum(price.fee_minor), 0)::bigint
    from show_seats seat
    left join show_prices price on price.show_id = seat.show_id and price.price_code = seat.price_code
    where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids)
$$;

drop function hold_seats(uuid, uuid, uuid, text[], text, integer, integer, bigint, text);

-- Holds seats for a booking: all of them or none, in one call and one commit. Running it again with the same booking id
-- returns the same hold. The row of a promo code is locked only by holds that name it.
-- p_channel is the one that the order came through: whoever calls has seen that it may.
-- Locks go seats (in seat order) → promo code → buyers (in user order); nothing else may take them the other way.
-- Its statements are planned once in a connection and not at every hold: 0.41 ms of a processor a hold instead of 0.88. The plans
-- go by the keys, because one that was made for a small table would read all of it for ever when it has grown.
create function hold_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text default null,
  p_channel text default null
) returns jsonb
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_held_until timestamptz;
  v_paused_until timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
  v_promo record;
  v_discount bigint := 0;
  v_near text[] := near_seats(p_show_id, p_seat_ids);
  v_left text[] := '{}';
  v_own_left integer := 0;
  v_refused jsonb;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
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
  if v_show.status <> 'scheduled' or (p_channel is null and v_now < v_show.sales_open_at) or v_now >= v_show.sales_close_at then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_ON_SALE', 'seatIds', '[]'::jsonb);
  end if;
  if p_channel is not null then
    v_refused := refuse_channel(p_show_id, p_channel, v_show.sales_open_at, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
  end if;

  -- A seat that came into being after the locks is as unknown as one that does not exist: nobody holds its lock.
  if v_locked <> cardinality(p_seat_ids || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  select taken, has_channel, overdue, own_overdue, amount_minor, fee_minor into v_wanted
    from survey_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  if v_wanted.has_channel or p_channel is not null or cardinality(v_near) > 0 then
    v_refused := refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, p_channel, v_show.sales_open_at, p_grace_seconds, v_now);
    if v_refused is not null then
      return v_refused;
    end if;
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
  if cardinality(v_near) > 0 then
    select seat_ids, own into v_left, v_own_left from overdue_beside(p_show_id, p_booking_id, p_user_id, v_near);
  end if;
  if not count_seats(p_show_id, p_user_id, p_seat_ids || v_left, cardinality(p_seat_ids), v_show.seats_per_buyer_max,
      v_wanted.overdue + cardinality(v_left), v_wanted.own_overdue + v_own_left, v_now) then
    select paused_until(lettings, let_go_at) into v_paused_until
      from show_buyers where show_id = p_show_id and user_id = p_user_id;
    if v_paused_until > v_now then
      return jsonb_build_object('outcome', 'refused', 'code', 'HOLD_COOLDOWN', 'seatIds', '[]'::jsonb,
        'retryAtMs', ceil(extract(epoch from v_paused_until) * 1000));
    end if;
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  if p_promo_code is not null then
    update promo_codes set uses = uses + 1 where show_id = p_show_id and code = p_promo_code;
  end if;
  if cardinality(v_left) > 0 then
    update show_seats
      set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
      where show_id = p_show_id and seat_id = any(v_left);
  end if;
  v_held_until := v_now + make_interval(secs => p_hold_seconds);
  update show_seats
    set status = 'held', booking_id = p_booking_id, user_id = p_user_id, held_until = v_held_until, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, created_at, promo_code, discount_minor, channel)
    values (p_show_id, p_booking_id, p_user_id, 'held', p_request_hash, cardinality(p_seat_ids),
      v_wanted.amount_minor + v_wanted.fee_minor - v_discount, v_wanted.fee_minor, v_show.currency, v_held_until, v_now,
      p_promo_code, v_discount, p_channel);
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

drop function hold_seats_with_news(uuid, uuid, uuid, text[], text, integer, integer, bigint, text);

create function hold_seats_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_hold_seconds integer,
  p_grace_seconds integer,
  p_expected_total_minor bigint,
  p_promo_code text,
  p_channel text default null
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, hold_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_request_hash,
    p_hold_seconds, p_grace_seconds, p_expected_total_minor, p_promo_code, p_channel))
$$;
