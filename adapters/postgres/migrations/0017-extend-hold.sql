-- extend_hold of 0006 again: a hold whose seats were taken over after its grace has nothing left to extend.

-- Gives a held booking more time, never past the cap, counted from the start of the hold.
create or replace function extend_hold(p_show_id uuid, p_booking_id uuid, p_seconds integer, p_seconds_max integer) returns jsonb
language plpgsql
as $$
declare
  v_held_until timestamptz;
  v_seat_count integer;
  v_seats integer;
begin
  select least(greatest(held_until, clock_timestamp()) + make_interval(secs => p_seconds),
      created_at + make_interval(secs => p_seconds_max)), seat_count into v_held_until, v_seat_count
    from bookings where show_id = p_show_id and booking_id = p_booking_id and status = 'held'
    for update;
  if not found then
    return jsonb_build_object('outcome', 'refused');
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
  if v_seats <> v_seat_count then
    return jsonb_build_object('outcome', 'refused');
  end if;
  update show_seats set held_until = v_held_until
    where show_id = p_show_id and booking_id = p_booking_id and status = 'held' and seat_id in (
      select seat_id from booking_seats where show_id = p_show_id and booking_id = p_booking_id);
  update bookings set held_until = v_held_until where show_id = p_show_id and booking_id = p_booking_id;
  return jsonb_build_object('outcome', 'extended', 'heldUntilMs', floor(extract(epoch from v_held_until) * 1000));
end
$$;
