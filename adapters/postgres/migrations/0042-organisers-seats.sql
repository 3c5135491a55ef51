-- What an organiser does with seats of a show that is on sale: keeps them back, and gives them away.

-- Given away by the organiser: it costs nothing, and is counted apart.
alter table bookings add column is_comp boolean not null default false;
-- squawk-ignore require-concurrent-index-creation
create index bookings_comp on bookings (show_id, booking_id) where is_comp;

-- Blocks seats of a show, puts them into a channel, or makes them everybody's: all of them, or none when somebody holds or has bought one;
-- with p_skip_taken those that are free. Doing it again changes nothing.
create function keep_seats(p_show_id uuid, p_seat_ids text[], p_is_blocked boolean, p_channel text, p_skip_taken boolean) returns jsonb
language plpgsql
as $$
declare
  v_locked integer;
  v_taken text[];
  v_allocated jsonb;
begin
  if p_channel is not null and not exists (
      select 1 from show_channels where show_id = p_show_id and channel = p_channel) then
    return jsonb_build_object('outcome', 'refused', 'code', 'CHANNEL_UNKNOWN', 'seatIds', '[]'::jsonb);
  end if;
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(p_seat_ids) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  v_taken := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids) and status in ('held', 'booked') order by seat_id);
  if cardinality(v_taken) > 0 and not p_skip_taken then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_taken));
  end if;
  v_allocated := allocate_seats(p_show_id, p_seat_ids, array_fill(p_is_blocked, array[cardinality(p_seat_ids)]),
    array_fill(p_channel, array[cardinality(p_seat_ids)]));
  return jsonb_build_object('outcome', 'kept', 'changed', jsonb_array_length(v_allocated -> 'seats'),
    'takenSeatIds', to_jsonb(v_taken), 'seats', v_allocated -> 'seats');
end
$$;

-- Gives seats away: a booking that costs nothing, with its tickets, in one commit; nobody is asked for money, so nothing is held in
-- between. A seat may be free for all, or of p_channel, which need not be open; the buyer's limit and the show's distance hold as for
-- any hold. Doing it again with the same booking id returns the same booking.
-- Locks go seats (in seat order) → buyers (in user order), as for a hold.
create function comp_seats(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_payment_id uuid,
  p_channel text,
  p_grace_seconds integer
) returns jsonb
language plpgsql
as $$
declare
  v_locked integer;
  v_now timestamptz;
  v_show record;
  v_booking record;
  v_wanted record;
  v_near text[] := near_seats(p_show_id, p_seat_ids);
  v_refused jsonb;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  select request_hash, status into v_booking from bookings where show_id = p_show_id and booking_id = p_booking_id;
  if found then
    if v_booking.request_hash <> p_request_hash then
      return jsonb_build_object('outcome', 'refused', 'code', 'IDEMPOTENCY_KEY_REUSED', 'seatIds', '[]'::jsonb);
    end if;
    return jsonb_build_object('outcome', 'given', 'isRepeated', true);
  end if;

  v_now := clock_timestamp();
  select status, currency, seats_per_buyer_max into v_show from shows where show_id = p_show_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if v_show.status <> 'scheduled' then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED', 'seatIds', '[]'::jsonb);
  end if;
  if v_locked <> cardinality(p_seat_ids || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_seat_ids)));
  end if;
  select taken, overdue, own_overdue into v_wanted
    from survey_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_grace_seconds, v_now);
  if cardinality(v_wanted.taken) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_wanted.taken));
  end if;
  v_refused := refuse_by_rule(p_show_id, p_booking_id, p_seat_ids, v_near, p_channel, null, null, v_now);
  if v_refused is not null then
    return v_refused;
  end if;
  if not count_seats(p_show_id, p_user_id, p_seat_ids, cardinality(p_seat_ids), v_show.seats_per_buyer_max,
      v_wanted.overdue, v_wanted.own_overdue) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_LIMIT_REACHED', 'seatIds', '[]'::jsonb);
  end if;

  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = p_user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
      held_until, payment_id, created_at, confirmed_at, channel, is_comp)
    values (p_show_id, p_booking_id, p_user_id, 'ticketed', p_request_hash, cardinality(p_seat_ids), 0, 0, v_show.currency,
      v_now, p_payment_id, v_now, v_now, p_channel, true);
  insert into payments (show_id, payment_id, booking_id, attempt, provider, provider_payment_id, status, amount_minor, currency,
      created_at, updated_at)
    values (p_show_id, p_payment_id, p_booking_id, 1, 'free', p_payment_id::text, 'captured', 0, v_show.currency, v_now, v_now);
  insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor, tax_minor)
    select p_show_id, p_booking_id, seat_id, price_code, 0, 0, 0
      from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids);
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
    select p_show_id, uuidv7(), p_booking_id, seat_id, p_user_id, v_now from unnest(p_seat_ids) as given (seat_id) order by seat_id;
  perform append_booking_event(p_show_id, p_booking_id, 'BookingConfirmed', jsonb_build_object(
    'totalMinor', 0, 'currency', v_show.currency,
    'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                        from tickets where show_id = p_show_id and booking_id = p_booking_id)));
  return jsonb_build_object('outcome', 'given', 'isRepeated', false);
end
$$;

create function comp_seats_with_news(
  p_show_id uuid,
  p_booking_id uuid,
  p_user_id uuid,
  p_seat_ids text[],
  p_request_hash text,
  p_payment_id uuid,
  p_channel text,
  p_grace_seconds integer
) returns jsonb
language sql
as $$
  select with_seat_news(p_show_id, p_booking_id, comp_seats(p_show_id, p_booking_id, p_user_id, p_seat_ids, p_request_hash, p_payment_id,
    p_channel, p_grace_seconds))
$$;
