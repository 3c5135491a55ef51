-- The sweeper asks for the oldest overdue holds of all shows: this index has the live holds and no others, so that is a few pages
-- whatever lies behind them. It costs a hold 60 bytes of WAL more (2,150 → 2,210) and a sale 170 (3,010 → 3,180), because a change
-- of status is no heap-only update any more. The table is scanned once to make it, and holds wait for that.
-- squawk-ignore require-concurrent-index-creation
create index bookings_held on bookings (held_until) where status = 'held';

-- Releases a hold that its workflow has not released: the same release, and only when its grace is over. Asked again under the
-- booking's lock, because it may have been extended or paid since it was found.
create function sweep_hold(p_show_id uuid, p_booking_id uuid, p_grace_seconds integer, p_payments_settled boolean)
returns jsonb
language plpgsql
as $$
declare
  v_booking record;
begin
  select status, held_until into v_booking
    from bookings where show_id = p_show_id and booking_id = p_booking_id
    for update;
  if not found or v_booking.status <> 'held'
      or v_booking.held_until + make_interval(secs => p_grace_seconds) > clock_timestamp() then
    return jsonb_build_object('outcome', 'kept');
  end if;
  return release_booking(p_show_id, p_booking_id, 'expired', 'hold_swept', p_payments_settled, false);
end
$$;
