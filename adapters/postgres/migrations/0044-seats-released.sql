-- Who waits for seats hears of those that an organiser releases.

-- As before; and when seats become everybody's that were blocked or of a channel, an event says so.
create or replace function allocate_seats(p_show_id uuid, p_seat_ids text[], p_blocked boolean[], p_channels text[]) returns jsonb
language plpgsql
as $$
declare
  v_taken text[];
  v_seats jsonb;
  v_released integer;
  v_event_id uuid;
begin
  perform 1 from show_seats
    where show_id = p_show_id and seat_id = any(p_seat_ids)
    order by seat_id
    for update;
  select coalesce(array_agg(seat.seat_id order by seat.seat_id), '{}') into v_taken
    from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
    join show_seats seat on seat.show_id = p_show_id and seat.seat_id = wanted.seat_id
    where seat.status in ('held', 'booked') and (wanted.is_blocked or seat.channel is distinct from wanted.channel);
  with changed as (
    update show_seats seat
      set status = case when wanted.is_blocked then 'blocked' else 'available' end, channel = wanted.channel, version = version + 1
      from unnest(p_seat_ids, p_blocked, p_channels) as wanted (seat_id, is_blocked, channel)
      where seat.show_id = p_show_id and seat.seat_id = any(p_seat_ids) and seat.seat_id = wanted.seat_id
        and seat.status in ('available', 'blocked')
        and ((seat.status = 'blocked') <> wanted.is_blocked or seat.channel is distinct from wanted.channel)
      returning seat.seat_id, seat.status, seat.version, seat.channel
  )
  select coalesce(jsonb_agg(jsonb_build_object('seatId', seat_id, 'status', status, 'version', version, 'heldUntilMs', null,
      'channel', channel) order by seat_id), '[]'), count(*) filter (where status = 'available' and channel is null)
      into v_seats, v_released
    from changed;
  if v_released > 0 then
    -- How many, and not which: a hall's worth of ids is more than Kafka takes.
    v_event_id := uuidv7();
    insert into outbox (show_id, event_id, topic, payload, created_at)
      values (p_show_id, v_event_id, 'booking-events',
        jsonb_build_object('schemaVersion', 1, 'type', 'SeatsReleased', 'eventId', v_event_id, 'showId', p_show_id,
          'seats', v_released),
        clock_timestamp());
  end if;
  return jsonb_build_object('seats', v_seats, 'taken', to_jsonb(v_taken));
end
$$;
