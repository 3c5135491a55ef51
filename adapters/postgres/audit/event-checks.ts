import type { AuditCheck } from "./audit-check.ts";

/** Whether the world is told: I4. An event that is gone from the outbox cannot be asked for any more. */
export const eventChecks: readonly AuditCheck[] = [
  {
    promise: "I4",
    holds: "no event tells what is not so",
    sql: `
      select event.show_id, booking.booking_id, format('%s %s is in the outbox, but booking %s is %s', event.payload ->> 'type',
        event.event_id, event.payload ->> 'bookingId', coalesce(booking.status, 'unknown')) as what
      from outbox event
      left join bookings booking on booking.show_id = event.show_id
        and booking.booking_id = (event.payload ->> 'bookingId')::uuid
      where event.show_id = any(:shows) and event.topic = 'booking-events' and not coalesce(case event.payload ->> 'type'
        when 'BookingConfirmed' then booking.status in ('ticketed', 'refunded')
        when 'TicketsVoided' then booking.status in ('ticketed', 'refunded')
        when 'TicketsMoved' then booking.status in ('ticketed', 'refunded')
        when 'BookingCancelled' then booking.status = 'cancelled'
        when 'BookingRefunded' then exists (select 1 from refunds refund where refund.show_id = event.show_id
          and refund.refund_id = (event.payload ->> 'refundId')::uuid
          and refund.amount_minor = (event.payload ->> 'amountMinor')::bigint)
        when 'EntryConflicted' then exists (select 1 from entry_conflicts conflict where conflict.show_id = event.show_id
          and conflict.ticket_id = (event.payload ->> 'ticketId')::uuid)
        when 'WaitingListJoined' then exists (select 1 from waiting_entries entry where entry.show_id = event.show_id
          and entry.entry_id = (event.payload ->> 'entryId')::uuid)
        when 'WaitingListClosed' then exists (select 1 from waiting_entries entry where entry.show_id = event.show_id
          and entry.entry_id = (event.payload ->> 'entryId')::uuid and entry.state = 'closed')
        -- They may have been blocked again since.
        when 'SeatsReleased' then true
        else booking.booking_id is not null end, false)`,
  },
];

/** While the relay runs. */
export const relayedEventChecks: readonly AuditCheck[] = [
  {
    promise: "I4",
    holds: "no event waits long for the broker",
    sql: `
      select show_id, null::uuid as booking_id, format('%s events wait in the outbox, the oldest for %s', count(*),
        date_trunc('second', :now - min(created_at))) as what
      from outbox
      where show_id = any(:shows) and created_at < :settledBefore
      group by show_id`,
  },
];

/** Where nothing relays, as in tests of the statements alone, the outbox still has every event. */
export const keptEventChecks: readonly AuditCheck[] = [
  {
    promise: "I4",
    holds: "each change of a booking has left its event, once",
    sql: `
      with wanted as (
        select show_id, booking_id, 'BookingHeld' as type from bookings where show_id = any(:shows) and not is_comp
        union all
        select show_id, booking_id, case status when 'expired' then 'BookingExpired' when 'cancelled' then 'BookingCancelled'
          else 'BookingConfirmed' end
        from bookings where show_id = any(:shows) and status not in ('held', 'confirmed')
        union all
        select distinct on (show_id, refund_id) show_id, booking_id, 'TicketsVoided' from refund_seats where show_id = any(:shows)
      ), due as (
        select show_id, booking_id, type, count(*) as events from wanted group by show_id, booking_id, type
      ), told as (
        select show_id, (payload ->> 'bookingId')::uuid as booking_id, payload ->> 'type' as type, count(*) as events
        from outbox where show_id = any(:shows) and topic = 'booking-events' group by 1, 2, 3
      )
      select due.show_id, due.booking_id, format('%s events of type %s are due, and %s were written', due.events, due.type,
        coalesce(told.events, 0)) as what
      from due
      left join told on told.show_id = due.show_id and told.booking_id = due.booking_id and told.type = due.type
      where coalesce(told.events, 0) <> due.events`,
  },
  {
    promise: "I4",
    holds: "each ticket that was moved has left its event, once",
    sql: `
      with moved as (
        select show_id, booking_id, count(*) as tickets from tickets
        where show_id = any(:shows) and moved_to <> seat_id group by show_id, booking_id
      ), told as (
        select show_id, (payload ->> 'bookingId')::uuid as booking_id, sum(jsonb_array_length(payload -> 'moves')) as tickets
        from outbox where show_id = any(:shows) and payload ->> 'type' = 'TicketsMoved' group by 1, 2
      )
      select show_id, booking_id, format('%s tickets were moved, and events tell of %s', coalesce(moved.tickets, 0),
        coalesce(told.tickets, 0)) as what
      from moved
      full join told using (show_id, booking_id)
      where coalesce(moved.tickets, 0) <> coalesce(told.tickets, 0)`,
  },
  {
    // A refund that failed after it had succeeded is told of once more when it succeeds.
    promise: "I4",
    holds: "each refund that was paid out has left its event",
    sql: `
      select refund.show_id, refund.booking_id, format('refund %s is %s, and no BookingRefunded was written', refund.refund_id,
        refund.status) as what
      from refunds refund
      where refund.show_id = any(:shows) and refund.status in ('succeeded', 'settled') and not exists (
        select 1 from outbox event where event.show_id = refund.show_id
          and event.payload ->> 'type' = 'BookingRefunded' and (event.payload ->> 'refundId')::uuid = refund.refund_id)`,
  },
];
