-- How far the buyers of a show have been reminded of its start. Another start has a row of its own. `after` is the last booking that was
-- reminded; nobody looks behind it again.
create table show_reminders (
  show_id uuid not null,
  starts_at timestamptz not null,
  after uuid not null,
  ended_at timestamptz,
  primary key (show_id, starts_at)
);

-- Reminds the holders of the next p_limit bookings of a show that is scheduled and has not begun: whoever has live tickets of bookings
-- that were made before it was time to remind. Returns how many, and whether there may be more. The row of this start is
-- locked, so that two who remind do it one after the other, and nobody is reminded twice of one start.
create function remind_of_show(p_show_id uuid, p_starts_at timestamptz, p_due_at timestamptz, p_limit integer) returns jsonb
language plpgsql
as $$
declare
  v_after uuid;
  v_page uuid[];
  v_reminded integer := 0;
  v_is_end boolean;
begin
  insert into show_reminders (show_id, starts_at, after)
    values (p_show_id, p_starts_at, '00000000-0000-0000-0000-000000000000')
    on conflict do nothing;
  select after into v_after
    from show_reminders where show_id = p_show_id and starts_at = p_starts_at and ended_at is null
    for update;
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  perform 1 from shows
    where show_id = p_show_id and status = 'scheduled' and starts_at = p_starts_at and starts_at > clock_timestamp();
  if not found then
    return jsonb_build_object('reminded', 0, 'isEnd', true);
  end if;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings
            where show_id = p_show_id and status = 'ticketed' and created_at < p_due_at and booking_id > v_after
            order by booking_id
            limit p_limit) page;
  v_is_end := cardinality(v_page) < p_limit;
  -- A ticket may have been given to somebody else: whoever holds it goes to the show.
  perform append_booking_event(p_show_id, booking_id, 'ReminderDue', jsonb_build_object('userId', user_id,
      'startsAtMs', floor(extract(epoch from p_starts_at) * 1000)))
    from (select distinct booking_id, user_id from tickets
            where show_id = p_show_id and booking_id = any(v_page) and status = 'live') holder;
  get diagnostics v_reminded = row_count;
  update show_reminders
    set after = coalesce(v_page[cardinality(v_page)], v_after), ended_at = case when v_is_end then clock_timestamp() end
    where show_id = p_show_id and starts_at = p_starts_at;
  return jsonb_build_object('reminded', v_reminded, 'isEnd', v_is_end);
end
$$;
