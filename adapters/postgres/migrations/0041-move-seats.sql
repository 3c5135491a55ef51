-- A ticket moves to another seat: the buyer stays, the money stays, the old code opens no door any more.

-- The seat that a ticket was moved to; null: it was not. A moved ticket is void, and another one stands for it.
alter table tickets add column moved_to text;
-- How many tickets its booking has had for this seat before: a ticket may come back to a seat that it was moved away from.
alter table tickets add column nth integer not null default 0;
-- The table is scanned once to make it, and tickets wait for that. One index as before: a ticket costs no more.
-- squawk-ignore require-concurrent-index-creation
create unique index tickets_by_booking on tickets (show_id, booking_id, seat_id, nth);
-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
alter table tickets drop constraint tickets_show_id_booking_id_seat_id_key;

-- When the seat came to the booking by a move; null: it did not.
alter table booking_seats add column moved_at timestamptz;

-- Moves live tickets of a booking to free seats of its show, the n-th of p_from to the n-th of p_to: all of them or none. What was paid
-- for a seat goes with it, whatever the new one costs. The organiser's rules hold as for a hold through the booking's channel, and a move
-- takes over nothing: a hold that is over is in the way. Doing it again changes nothing.
-- Locks go booking → seats (in seat order). The buyer's count stays as it is.
create function move_seats(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[]) returns jsonb
language plpgsql
as $$
declare
  v_now timestamptz;
  v_booking record;
  v_near text[];
  v_locked integer;
  v_seat_ids text[];
  v_refused jsonb;
begin
  select status, user_id, channel, total_minor, currency into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_NOT_FOUND', 'seatIds', '[]'::jsonb);
  end if;
  if not exists (
      select 1 from unnest(p_from, p_to) as move (from_id, to_id)
        where not exists (select 1 from tickets old where old.show_id = p_show_id and old.booking_id = p_booking_id
            and old.seat_id = move.from_id and old.moved_to = move.to_id)
          or not exists (select 1 from tickets new where new.show_id = p_show_id and new.booking_id = p_booking_id
            and new.seat_id = move.to_id and new.status = 'live')) then
    return jsonb_build_object('outcome', 'moved', 'isRepeated', true);
  end if;
  if v_booking.status = 'confirmed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'IN_PROGRESS', 'seatIds', '[]'::jsonb);
  end if;
  if v_booking.status <> 'ticketed' then
    return jsonb_build_object('outcome', 'refused', 'code', 'BOOKING_CLOSED', 'seatIds', '[]'::jsonb);
  end if;
  if exists (select 1 from shows where show_id = p_show_id and status <> 'scheduled') then
    return jsonb_build_object('outcome', 'refused', 'code', 'SHOW_CANCELLED', 'seatIds', '[]'::jsonb);
  end if;
  v_seat_ids := array(select unnest(p_from) except select seat_id from tickets
    where show_id = p_show_id and booking_id = p_booking_id and status = 'live' order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'TICKET_NOT_LIVE', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  -- One that it has given back is the booking's for ever: its refund says so.
  v_seat_ids := array(select unnest(p_to) intersect select seat_id from booking_seats
    where show_id = p_show_id and booking_id = p_booking_id order by 1);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_OWN', 'seatIds', to_jsonb(v_seat_ids));
  end if;

  v_near := array(select unnest(near_seats(p_show_id, p_to)) except select unnest(p_from));
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_from || p_to || v_near)
    order by seat_id
    for update;
  get diagnostics v_locked = row_count;
  v_now := clock_timestamp();
  if v_locked <> cardinality(p_from || p_to || v_near) then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_UNKNOWN',
      'seatIds', to_jsonb(unknown_seats(p_show_id, p_to)));
  end if;
  v_seat_ids := array(select seat_id from show_seats
    where show_id = p_show_id and seat_id = any(p_to) and status <> 'available' order by seat_id);
  if cardinality(v_seat_ids) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'SEAT_TAKEN', 'seatIds', to_jsonb(v_seat_ids));
  end if;
  v_refused := refuse_by_rule(p_show_id, p_booking_id, p_to, v_near, v_booking.channel, null, null, v_now);
  if v_refused is not null then
    return v_refused;
  end if;

  update show_seats
    set status = 'available', booking_id = null, user_id = null, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_from) and booking_id = p_booking_id;
  get diagnostics v_locked = row_count;
  if v_locked <> cardinality(p_from) then
    raise exception 'booking % has live tickets for seats that are not its own', p_booking_id;
  end if;
  update show_seats
    set status = 'booked', booking_id = p_booking_id, user_id = v_booking.user_id, held_until = null, version = version + 1
    where show_id = p_show_id and seat_id = any(p_to);
  update booking_seats own set seat_id = move.to_id, moved_at = v_now
    from unnest(p_from, p_to) as move (from_id, to_id)
    where own.show_id = p_show_id and own.booking_id = p_booking_id and own.seat_id = move.from_id;
  update tickets old set status = 'void', moved_to = move.to_id
    from unnest(p_from, p_to) as move (from_id, to_id)
    where old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.from_id and old.status = 'live';
  insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at, nth)
    select p_show_id, uuidv7(), p_booking_id, move.to_id, v_booking.user_id, v_now,
        (select count(*) from tickets old
           where old.show_id = p_show_id and old.booking_id = p_booking_id and old.seat_id = move.to_id)
      from unnest(p_to) as move (to_id);
  perform append_booking_event(p_show_id, p_booking_id, 'TicketsMoved', jsonb_build_object(
    'moves', (select jsonb_agg(jsonb_build_object('fromSeatId', from_id, 'toSeatId', to_id) order by from_id)
                from unnest(p_from, p_to) as move (from_id, to_id)),
    'totalMinor', v_booking.total_minor, 'currency', v_booking.currency,
    'ticketDetails', (select jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id)
                        from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live')));
  return jsonb_build_object('outcome', 'moved', 'isRepeated', false);
end
$$;

-- How seats of a show stand, as live seat maps are told.
create function seat_news_of(p_show_id uuid, p_seat_ids text[]) returns jsonb
language sql
as $$
  select jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version,
      'heldUntilMs', floor(extract(epoch from held_until) * 1000)) order by seat_id)
    from show_seats where show_id = p_show_id and seat_id = any(p_seat_ids)
$$;

-- The same, and how the seats stand on both sides of the move: those that were left are no seats of the booking any more.
create function move_seats_with_news(p_show_id uuid, p_booking_id uuid, p_from text[], p_to text[]) returns jsonb
language plpgsql
as $$
declare
  v_outcome jsonb := move_seats(p_show_id, p_booking_id, p_from, p_to);
begin
  if v_outcome ->> 'outcome' = 'refused' then
    return v_outcome;
  end if;
  return v_outcome || jsonb_build_object('seats', seat_news_of(p_show_id, p_from || p_to));
end
$$;
