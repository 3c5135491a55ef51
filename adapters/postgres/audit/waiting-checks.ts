import type { AuditCheck } from "./audit-check.ts";

/** Who waits for seats that come back: I12, and that nothing of it stays behind: I3 and I13. */
export const waitingChecks: readonly AuditCheck[] = [
  {
    // A hold that was on its way when the first one joined may be a moment younger than the list. What an organiser gives away or moves
    // is theirs to decide.
    promise: "I12",
    holds: "while people wait for seats, nobody else gets any",
    sql: `
      select show.show_id, booking.booking_id, format('seat %s was taken at %s by somebody who has no offer, while people wait since %s',
        seat.seat_id, greatest(booking.created_at, seat.added_at), show.waiting_since) as what
      from shows show
      join bookings booking on booking.show_id = show.show_id
      join booking_seats seat on seat.show_id = booking.show_id and seat.booking_id = booking.booking_id
      where show.show_id = any(:shows) and booking.channel is null and not booking.is_comp
        and (seat.added_at > show.waiting_since + interval '1 second'
          or booking.created_at > show.waiting_since + interval '1 second'
            and not exists (select 1 from waiting_offers offer
              where offer.show_id = booking.show_id and offer.booking_id = booking.booking_id))`,
  },
  {
    promise: "I12",
    holds:
      "each open offer is of somebody who is being offered seats, and holds them for nobody else",
    sql: `
      select offer.show_id, offer.booking_id, format('the offer is open, and its entry %s is %s', offer.entry_id,
        coalesce(entry.state, 'unknown') || case when offer.user_id <> booking.user_id then ', its booking somebody else''s' else '' end)
        as what
      from waiting_offers offer
      left join waiting_entries entry on entry.show_id = offer.show_id and entry.entry_id = offer.entry_id
        and entry.user_id = offer.user_id
      left join bookings booking on booking.show_id = offer.show_id and booking.booking_id = offer.booking_id
      where offer.show_id = any(:shows) and offer.state = 'open'
        and (entry.state is distinct from 'offered' or offer.user_id <> booking.user_id)`,
  },
  {
    promise: "I12",
    holds: "who is being offered seats has an open offer",
    sql: `
      select entry.show_id, null::uuid as booking_id, format('entry %s is being offered seats, and has no open offer', entry.entry_id)
        as what
      from waiting_entries entry
      where entry.show_id = any(:shows) and entry.state = 'offered' and not exists (select 1 from waiting_offers offer
        where offer.show_id = entry.show_id and offer.entry_id = entry.entry_id and offer.state = 'open')`,
  },
  {
    promise: "I12",
    holds: "nobody is offered seats twice for one entry",
    sql: `
      select show_id, (array_agg(booking_id order by booking_id))[2] as booking_id, format('entry %s was offered seats %s times',
        entry_id, count(*)) as what
      from waiting_offers
      where show_id = any(:shows) and state <> 'void'
      group by show_id, entry_id
      having count(*) > 1`,
  },
  {
    promise: "I3",
    holds: "no seats are kept for a waiting list on which nobody is",
    sql: `
      select show.show_id, null::uuid as booking_id, format('the waiting list is open since %s, and nobody is on it',
        show.waiting_since) as what
      from shows show
      where show.show_id = any(:shows) and show.waiting_since < :settledBefore and not exists (select 1 from waiting_entries entry
        where entry.show_id = show.show_id and (entry.state in ('waiting', 'offered') or entry.ended_at > :settledBefore))`,
  },
  {
    promise: "I13",
    holds: "every offer is settled when its booking is decided",
    sql: `
      select offer.show_id, offer.booking_id, format('the offer of %s is open, and its booking is %s', offer.offered_at,
        coalesce(booking.status, 'not there')) as what
      from waiting_offers offer
      left join bookings booking on booking.show_id = offer.show_id and booking.booking_id = offer.booking_id
      where offer.show_id = any(:shows) and offer.state = 'open' and case booking.status
        when 'held' then false when 'confirmed' then false
        else greatest(offer.offered_at, booking.confirmed_at, booking.ended_at) < :settledBefore end`,
  },
  {
    promise: "I13",
    holds: "nobody waits for seats of a show whose sale is over",
    sql: `
      select entry.show_id, null::uuid as booking_id, format('%s wait, and the sale is over since %s', count(*), show.sales_close_at)
        as what
      from waiting_entries entry
      join shows show on show.show_id = entry.show_id
      where entry.show_id = any(:shows) and entry.state = 'waiting' and show.sales_close_at < :settledBefore
      group by entry.show_id, show.sales_close_at`,
  },
];
