import type { AuditCheck } from "./audit-check.ts";

/** Who owns a seat: I1, I3, I7 and I11. */
export const seatChecks: readonly AuditCheck[] = [
  {
    promise: "I1",
    holds: "no seat has two live tickets",
    sql: `
      select show_id, booking_id, format('seat %s has %s live tickets', seat_id, live) as what
      from (select show_id, booking_id, seat_id, count(*) over (partition by show_id, seat_id) as live
              from tickets where show_id = any(:shows) and status = 'live') ticket
      where live > 1`,
  },
  {
    promise: "I1",
    holds: "the seat of each live ticket is booked by the ticket's booking",
    sql: `
      select ticket.show_id, ticket.booking_id, format('the ticket for seat %s is live, but the seat is %s', ticket.seat_id,
        coalesce(seat.status || coalesce(' by booking ' || seat.booking_id, ''), 'unknown')) as what
      from tickets ticket
      left join show_seats seat on seat.show_id = ticket.show_id and seat.seat_id = ticket.seat_id
      where ticket.show_id = any(:shows) and ticket.status = 'live'
        and (seat.status, seat.booking_id) is distinct from ('booked', ticket.booking_id)`,
  },
  {
    promise: "I1",
    holds: "each paid booking owns all of its seats",
    sql: `
      select booking.show_id, booking.booking_id, format('the booking is %s, but its seat %s is %s', booking.status,
        wanted.seat_id, coalesce(seat.status || coalesce(' by booking ' || seat.booking_id, ''), 'unknown')) as what
      from bookings booking
      join booking_seats wanted on wanted.show_id = booking.show_id and wanted.booking_id = booking.booking_id
      left join refund_seats given on given.show_id = wanted.show_id and given.booking_id = wanted.booking_id
        and given.seat_id = wanted.seat_id
      left join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
      where booking.show_id = any(:shows) and booking.status in ('confirmed', 'ticketed') and given.seat_id is null
        and (seat.status, seat.booking_id) is distinct from ('booked', booking.booking_id)`,
  },
  {
    promise: "I3",
    holds: "each held seat belongs to a held booking, each booked seat to a paid one",
    sql: `
      select seat.show_id, seat.booking_id, format('seat %s is %s by a booking that %s', seat.seat_id, seat.status,
        case when booking.booking_id is null then 'does not exist' when wanted.seat_id is null then 'has not asked for it'
          when given.seat_id is not null then 'has given it back' else 'is ' || booking.status end) as what
      from show_seats seat
      left join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
      left join booking_seats wanted on wanted.show_id = seat.show_id and wanted.booking_id = seat.booking_id
        and wanted.seat_id = seat.seat_id
      left join refund_seats given on given.show_id = seat.show_id and given.booking_id = seat.booking_id
        and given.seat_id = seat.seat_id
      where seat.show_id = any(:shows) and seat.status in ('held', 'booked')
        and (wanted.seat_id is null or given.seat_id is not null or not coalesce(case seat.status
          when 'held' then booking.status = 'held' else booking.status in ('confirmed', 'ticketed') end, false))`,
  },
  {
    promise: "I3",
    holds: "no seat is held long after its hold has ended",
    sql: `
      select show_id, booking_id, format('seat %s is held, and its hold ended %s ago', seat_id,
        date_trunc('second', :now - held_until)) as what
      from show_seats
      where show_id = any(:shows) and status = 'held' and held_until < :holdEndedBefore`,
  },
  {
    promise: "I3",
    holds: "free + held + booked + blocked seats are the seats of the layout",
    sql: `
      select show.show_id, null::uuid as booking_id, format('the layout has %s seats, the show has %s', layout.seat_count,
        coalesce(seat.seats, 0)) as what
      from shows show
      join layouts layout on layout.layout_hash = show.layout_hash
      left join (select show_id, count(*) as seats from show_seats where show_id = any(:shows) group by show_id) seat
        on seat.show_id = show.show_id
      where show.show_id = any(:shows) and layout.seat_count <> coalesce(seat.seats, 0)`,
  },
  {
    promise: "I3",
    holds: "each booking has as many seats as it was sold",
    sql: `
      select booking.show_id, booking.booking_id, format('the booking is for %s seats and names %s', booking.seat_count,
        count(seat.seat_id)) as what
      from bookings booking
      left join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
      where booking.show_id = any(:shows)
      group by booking.show_id, booking.booking_id, booking.seat_count
      having booking.seat_count <> count(seat.seat_id)`,
  },
  {
    promise: "I7",
    holds: "each live hold has all of its seats, for as long as it says",
    sql: `
      select booking.show_id, booking.booking_id, format('the hold is live until %s and its grace, but its seat %s is %s',
        booking.held_until, wanted.seat_id, coalesce(seat.status || coalesce(' by booking ' || seat.booking_id, '')
          || coalesce(' until ' || seat.held_until, ''), 'unknown')) as what
      from bookings booking
      join booking_seats wanted on wanted.show_id = booking.show_id and wanted.booking_id = booking.booking_id
      left join show_seats seat on seat.show_id = wanted.show_id and seat.seat_id = wanted.seat_id
      where booking.show_id = any(:shows) and booking.status = 'held'
        and booking.held_until + make_interval(secs => :grace) > :now
        and (seat.status, seat.booking_id, seat.held_until) is distinct from ('held', booking.booking_id, booking.held_until)`,
  },
  {
    // Each booking is compared with the next one on the same seat. One that late money has brought back may have taken the seat
    // long after it came into being, one that was changed or moved knows when it took the seat, and one that was paid is judged by
    // the checks of I1.
    promise: "I7",
    holds: "nobody took a seat while another booking held it",
    sql: `
      select show_id, booking_id, format('seat %s was this booking''s until %s; booking %s took it at %s', seat_id, owned_until,
        taker_id, taken_at) as what
      from (
        select show_id, seat_id, booking_id, confirmed_at, owned_until,
          lead(booking_id) over by_seat as taker_id, lead(owned_from) over by_seat as taken_at
        from (
          select seat.show_id, seat.seat_id, booking.booking_id, booking.confirmed_at,
            greatest(seat.moved_at, case when booking.confirmed_at > booking.held_until then booking.confirmed_at
              else coalesce(seat.added_at, booking.created_at) end) as owned_from,
            least(booking.ended_at, booking.held_until + make_interval(secs => :grace)) as owned_until
          from booking_seats seat
          join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
          where seat.show_id = any(:shows) and booking.created_at > :recentAfter
        ) owner
        window by_seat as (partition by show_id, seat_id order by owned_from)
      ) followed
      where confirmed_at is null and taken_at < owned_until`,
  },
  {
    promise: "I7",
    holds: "no hold was swept away before its grace was over",
    sql: `
      select show_id, booking_id, format('the hold was until %s and its grace, and was swept away at %s', held_until, ended_at)
        as what
      from bookings
      where show_id = any(:shows) and end_reason = 'hold_swept' and created_at > :recentAfter
        and ended_at < held_until + make_interval(secs => :grace)`,
  },
  {
    promise: "I11",
    holds: "each buyer's count is the number of seats that are held or booked for them",
    sql: `
      select show_id, owned.booking_id, format('buyer %s has %s seats, and %s are counted', user_id, coalesce(owned.seats, 0),
        coalesce(buyer.seats, 0)) as what
      from (select show_id, user_id, count(*) as seats, (array_agg(booking_id))[1] as booking_id from show_seats
              where show_id = any(:shows) and booking_id is not null group by show_id, user_id) owned
      full join (select show_id, user_id, seats from show_buyers where show_id = any(:shows)) buyer using (show_id, user_id)
      where coalesce(owned.seats, 0) <> coalesce(buyer.seats, 0)`,
  },
  {
    promise: "I11",
    holds: "no buyer has more seats than the show allows",
    sql: `
      select seat.show_id, (array_agg(seat.booking_id))[1] as booking_id, format('buyer %s has %s seats, the show allows %s',
        seat.user_id, count(*), show.seats_per_buyer_max) as what
      from show_seats seat
      join shows show on show.show_id = seat.show_id
      where seat.show_id = any(:shows) and seat.booking_id is not null and show.sales_close_at > :now
      group by seat.show_id, seat.user_id, show.seats_per_buyer_max
      having count(*) > show.seats_per_buyer_max`,
  },
  {
    promise: "I11",
    holds: "each taken seat names the buyer of its booking",
    sql: `
      select seat.show_id, seat.booking_id, format('seat %s names another buyer than its booking', seat.seat_id) as what
      from show_seats seat
      join bookings booking on booking.show_id = seat.show_id and booking.booking_id = seat.booking_id
      where seat.show_id = any(:shows) and seat.user_id is distinct from booking.user_id`,
  },
];
