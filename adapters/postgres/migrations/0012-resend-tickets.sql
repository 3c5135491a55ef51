-- Has the live tickets of a booking sent once more. Once for each action of support: the news and the mark on it are one transaction.
create function resend_tickets(p_show_id uuid, p_booking_id uuid, p_action_id text) returns jsonb
language plpgsql
as $$
declare
  v_tickets jsonb;
begin
  perform 1 from bookings where show_id = p_show_id and booking_id = p_booking_id for update;
  select coalesce(jsonb_agg(jsonb_build_object('ticketId', ticket_id, 'seatId', seat_id) order by seat_id), '[]') into v_tickets
    from tickets where show_id = p_show_id and booking_id = p_booking_id and status = 'live';
  if v_tickets = '[]'::jsonb then
    return jsonb_build_object('outcome', 'no_tickets');
  end if;
  update support_actions set outcome = 'sent', ended_at = clock_timestamp()
    where show_id = p_show_id and action_id = p_action_id and outcome is null;
  if found then
    perform append_booking_event(p_show_id, p_booking_id, 'TicketsResent', jsonb_build_object(
      'totalMinor', (select total_minor from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'currency', (select currency from bookings where show_id = p_show_id and booking_id = p_booking_id),
      'ticketDetails', v_tickets));
  end if;
  return jsonb_build_object('outcome', 'sent');
end
$$;
