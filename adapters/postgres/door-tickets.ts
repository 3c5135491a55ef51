import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** How a ticket stands at the door. `tail`: the last ten hex digits of its id. */
export type DoorTicket = {
  tail: string;
  seatId: string;
  state: "live" | "void" | "entered";
  gate: string | null;
  enteredAtMs: number | null;
};

/**
 * All tickets of a show in seat order, or those that are new or have changed since a moment, and every void one: nothing says when a
 * ticket became void, and there are few. A change may commit some seconds after the moment that it names, so ask from a little before.
 */
export async function listDoorTickets(
  db: Queryable,
  { showId, sinceMs }: { showId: string; sinceMs: number | undefined },
): Promise<DoorTicket[]> {
  const { rows } = await db.query<DoorTicket>(
    `select right(ticket.ticket_id::text, 10) as tail, ticket.seat_id as "seatId",
       case when ticket.status = 'void' then 'void' when entry.ticket_id is not null then 'entered' else 'live' end as state,
       entry.gate, floor(extract(epoch from entry.entered_at) * 1000)::float8 as "enteredAtMs"
     from tickets ticket
     left join entries entry on entry.show_id = ticket.show_id and entry.ticket_id = ticket.ticket_id
     where ticket.show_id = $1
       and ($2::timestamptz is null or ticket.status = 'void' or ticket.issued_at > $2 or entry.entered_at > $2
         or exists (select 1 from undone_entries undone where undone.show_id = $1 and undone.ticket_id = ticket.ticket_id
           and undone.undone_at > $2))
     order by ticket.seat_id, ticket.ticket_id`,
    [showId, sinceMs === undefined ? null : new Date(sinceMs)],
  );
  return rows;
}

/** When a ticket of the show was issued, let in or undone the last time; 0: never. */
export async function lastDoorChangeMs(db: Queryable, showId: string): Promise<number> {
  const { rows } = await db.query<{ lastMs: number }>(
    `select coalesce(floor(extract(epoch from greatest(
         (select max(issued_at) from tickets where show_id = $1),
         (select max(entered_at) from entries where show_id = $1),
         (select max(undone_at) from undone_entries where show_id = $1))) * 1000), 0)::float8 as "lastMs"`,
    [showId],
  );
  return onlyRow(rows).lastMs;
}

/** Tickets of a show whose ids end so (`tail`), and their seats. Two may end alike. */
export async function findTicketsByTails(
  db: Queryable,
  { showId, tails }: { showId: string; tails: string[] },
): Promise<{ ticketId: string; seatId: string; tail: string }[]> {
  const { rows } = await db.query<{ ticketId: string; seatId: string; tail: string }>(
    `select ticket_id as "ticketId", seat_id as "seatId", right(ticket_id::text, 10) as tail
     from tickets where show_id = $1 and right(ticket_id::text, 10) = any($2)`,
    [showId, tails],
  );
  return rows;
}
