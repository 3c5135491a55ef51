-- Which bookings somebody has: a copy by user, fed from booking events. Bookings lie by show (on Citus this table by user), so
-- nobody could list their own without asking every shard. What a booking is stands in its own row; nothing here decides anything.

create table user_bookings (
  user_id uuid not null,
  booking_id uuid not null,
  show_id uuid not null,
  starts_at timestamptz not null,
  primary key (user_id, booking_id)
);

create index user_bookings_by_time on user_bookings (user_id, starts_at, booking_id);

insert into user_bookings (user_id, booking_id, show_id, starts_at)
  select booking.user_id, booking.booking_id, booking.show_id, show.starts_at
    from bookings booking
    join shows show on show.show_id = booking.show_id
    where booking.status in ('held', 'confirmed', 'ticketed', 'refunded');
