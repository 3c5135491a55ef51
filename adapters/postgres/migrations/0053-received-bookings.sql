-- Who was handed a ticket has its booking in their list, too: those who have accepted one until now.

insert into user_bookings (user_id, booking_id, show_id, starts_at)
  select distinct ticket.user_id, ticket.booking_id, ticket.show_id, show.starts_at
    from tickets ticket
    join bookings booking on booking.show_id = ticket.show_id and booking.booking_id = ticket.booking_id
    join shows show on show.show_id = ticket.show_id
    where ticket.status = 'live' and ticket.user_id <> booking.user_id
  on conflict (user_id, booking_id) do nothing;
