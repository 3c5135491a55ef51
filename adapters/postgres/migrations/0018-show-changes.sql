-- When a show was put off and what was promised to those who had booked before: tickets back, fees included, until then.
create table show_reschedules (
  show_id uuid not null,
  change_id uuid not null,
  starts_at_before timestamptz not null,
  starts_at timestamptz not null,
  refund_until timestamptz not null,
  rescheduled_at timestamptz not null,
  primary key (show_id, change_id)
);

-- Whose buyer has been told of it, in the transaction that says so in the outbox: nobody is told twice.
create table show_reschedule_notices (
  show_id uuid not null,
  change_id uuid not null,
  booking_id uuid not null,
  primary key (show_id, change_id, booking_id)
);

-- Tells the next p_limit bookings with tickets, in the order of their ids, that their show has another time. Returns the last
-- of them, null when there are no more. Repeating it tells nobody twice.
create function tell_of_reschedule(p_show_id uuid, p_change_id uuid, p_after uuid, p_limit integer) returns uuid
language plpgsql
as $$
declare
  v_change record;
  v_page uuid[];
  v_told uuid[];
begin
  select starts_at_before, starts_at, refund_until, rescheduled_at into strict v_change
    from show_reschedules where show_id = p_show_id and change_id = p_change_id;
  select coalesce(array_agg(booking_id order by booking_id), '{}') into v_page
    from (select booking_id from bookings
            where show_id = p_show_id and status = 'ticketed' and created_at < v_change.rescheduled_at
              and booking_id > p_after
            order by booking_id
            limit p_limit) page;
  with told as (
    insert into show_reschedule_notices (show_id, change_id, booking_id)
      select p_show_id, p_change_id, booking_id from unnest(v_page) as page (booking_id)
      on conflict do nothing
      returning booking_id
  )
  select array_agg(booking_id) into v_told from told;
  perform append_booking_event(p_show_id, booking_id, 'BookingRescheduled', jsonb_build_object(
      'startsAtBeforeMs', floor(extract(epoch from v_change.starts_at_before) * 1000),
      'startsAtMs', floor(extract(epoch from v_change.starts_at) * 1000),
      'refundUntilMs', floor(extract(epoch from v_change.refund_until) * 1000)))
    from unnest(v_told) as told (booking_id);
  return v_page[p_limit];
end
$$;
