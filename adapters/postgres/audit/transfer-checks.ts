import type { AuditCheck } from "./audit-check.ts";

/** Tickets that go from one person to another: I1 and I9. */
export const transferChecks: readonly AuditCheck[] = [
  {
    promise: "I1",
    holds: "a ticket that was handed on is void, and another one was issued to its receiver",
    sql: `
      select transfer.show_id, transfer.booking_id, format('transfer %s was accepted; of seat %s the old ticket is %s, and the new one %s',
        transfer.transfer_id, old.seat_id, old.status, case when new.ticket_id is null then 'missing'
          when new.user_id <> transfer.to_user_id then 'somebody else''s' else 'for seat ' || new.seat_id end) as what
      from ticket_transfers transfer
      join tickets old on old.show_id = transfer.show_id and old.ticket_id = transfer.ticket_id
      left join tickets new on new.show_id = transfer.show_id and new.ticket_id = transfer.new_ticket_id
      where transfer.show_id = any(:shows) and transfer.status = 'accepted'
        and (old.status <> 'void' or old.moved_to is distinct from old.seat_id or new.ticket_id is null
          or new.ticket_id = old.ticket_id or new.seat_id <> old.seat_id or new.booking_id <> old.booking_id
          or new.user_id <> transfer.to_user_id)`,
  },
  {
    promise: "I1",
    holds: "a ticket that is offered is live",
    sql: `
      select transfer.show_id, transfer.booking_id, format('transfer %s is open, but its ticket for seat %s is %s',
        transfer.transfer_id, ticket.seat_id, ticket.status) as what
      from ticket_transfers transfer
      join tickets ticket on ticket.show_id = transfer.show_id and ticket.ticket_id = transfer.ticket_id
      where transfer.show_id = any(:shows) and transfer.status = 'open' and ticket.status <> 'live'`,
  },
  {
    promise: "I9",
    holds: "who has a ticket has bought or accepted it",
    sql: `
      select ticket.show_id, ticket.booking_id, format('the live ticket for seat %s is of %s, who has neither bought nor accepted it',
        ticket.seat_id, ticket.user_id) as what
      from tickets ticket
      join bookings booking on booking.show_id = ticket.show_id and booking.booking_id = ticket.booking_id
      where ticket.show_id = any(:shows) and ticket.status = 'live' and ticket.user_id <> booking.user_id
        and not exists (select 1 from ticket_transfers transfer where transfer.show_id = ticket.show_id
          and transfer.booking_id = ticket.booking_id and transfer.status = 'accepted' and transfer.to_user_id = ticket.user_id)`,
  },
];

/** Where the outbox keeps what it has published: I4. */
export const keptTransferChecks: readonly AuditCheck[] = [
  {
    promise: "I4",
    holds: "each ticket that was handed on has left its two events, once",
    sql: `
      with handed as (
        select show_id, booking_id, count(*) as tickets from ticket_transfers
        where show_id = any(:shows) and status = 'accepted' group by show_id, booking_id
      ), told as (
        select show_id, (payload ->> 'bookingId')::uuid as booking_id,
          count(*) filter (where payload ->> 'type' = 'TicketTransferred') as given,
          count(*) filter (where payload ->> 'type' = 'TicketReceived') as received
        from outbox where show_id = any(:shows) and payload ->> 'type' in ('TicketTransferred', 'TicketReceived') group by 1, 2
      )
      select show_id, booking_id, format('%s tickets were handed on; events tell of %s that were given and %s that were received',
        coalesce(handed.tickets, 0), coalesce(told.given, 0), coalesce(told.received, 0)) as what
      from handed
      full join told using (show_id, booking_id)
      where coalesce(handed.tickets, 0) <> coalesce(told.given, 0) or coalesce(handed.tickets, 0) <> coalesce(told.received, 0)`,
  },
];
