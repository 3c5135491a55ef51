import type { AuditCheck } from "./audit-check.ts";

/** Who is inside: I14. Of a cancelled show everything goes back, whoever was inside. */
export const entryChecks: readonly AuditCheck[] = [
  {
    promise: "I14",
    holds: "whoever is inside has a live ticket of the show",
    sql: `
      select entry.show_id, ticket.booking_id, format('somebody came in at gate %s on ticket %s, which is %s', entry.gate,
        entry.ticket_id, coalesce(ticket.status || ' for seat ' || ticket.seat_id, 'unknown')) as what
      from entries entry
      join shows show on show.show_id = entry.show_id
      left join tickets ticket on ticket.show_id = entry.show_id and ticket.ticket_id = entry.ticket_id
      where entry.show_id = any(:shows) and show.status <> 'cancelled' and ticket.status is distinct from 'live'`,
  },
];

/** Where nothing relays, the outbox still has every event. */
export const keptEntryChecks: readonly AuditCheck[] = [
  {
    promise: "I4",
    holds: "each entry that should not have been has left its event, once",
    sql: `
      with told as (
        select show_id, payload ->> 'ticketId' as ticket_id, count(*) as events from outbox
        where show_id = any(:shows) and payload ->> 'type' = 'EntryConflicted' group by 1, 2
      ), conflicts as (
        select show_id, ticket_id::text as ticket_id, count(*) as conflicts from entry_conflicts
        where show_id = any(:shows) group by 1, 2
      )
      select show_id, null::uuid as booking_id, format('%s conflicts on ticket %s are kept, and %s were told',
        coalesce(conflicts.conflicts, 0), ticket_id, coalesce(told.events, 0)) as what
      from conflicts
      full join told using (show_id, ticket_id)
      where coalesce(conflicts.conflicts, 0) <> coalesce(told.events, 0)`,
  },
];
