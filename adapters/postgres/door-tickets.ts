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

const columns = `right(ticket.ticket_id::text, 10) as tail, ticket.seat_id as "seatId",
  case when ticket.status = 'void' then 'void' when entry.ticket_id is not null then 'entered' else 'live' end as state,
  entry.gate, floor(extract(epoch from entry.entered_at) * 1000)::float8 as "enteredAtMs"`;
const withEntry =
  "left join entries entry on entry.show_id = ticket.show_id and entry.ticket_id = ticket.ticket_id";

/** All tickets of a show, in seat order. */
export async function listDoorTickets(db: Queryable, showId: string): Promise<DoorTicket[]> {
  const { rows } = await db.query<DoorTicket>(
    `select ${columns} from tickets ticket ${withEntry}
     where ticket.show_id = $1 order by ticket.seat_id, ticket.ticket_id`,
    [showId],
  );
  return rows;
}

/**
 * Those that were issued, let in, undone or made void since a moment: ranges of indexes, and nothing else of the show is read. A
 * change may commit some seconds after the moment that it names, so ask from a little before. What was void before migration 0054
 * knows no moment, and comes each time.
 */
export async function listDoorChanges(
  db: Queryable,
  { showId, sinceMs }: { showId: string; sinceMs: number },
): Promise<DoorTicket[]> {
  const { rows } = await db.query<DoorTicket>(
    `with changed as (
       select ticket_id from tickets where show_id = $1 and ticket_id > $3
       union select ticket_id from tickets where show_id = $1 and status = 'void' and voided_at > $2
       union select ticket_id from tickets where show_id = $1 and status = 'void' and voided_at is null
       union select ticket_id from entries where show_id = $1 and entered_at > $2
       union select ticket_id from undone_entries where show_id = $1 and undone_at > $2
     )
     select found.tail, found."seatId", found.state, found.gate, found."enteredAtMs"
     from changed cross join lateral (
       select ${columns} from tickets ticket ${withEntry}
       where ticket.show_id = $1 and ticket.ticket_id = changed.ticket_id
       -- One each, by its key: a join would read all tickets of the show as soon as some hundred may have changed.
       limit 1) found
     order by found."seatId", changed.ticket_id`,
    [showId, new Date(sinceMs), firstIdAt(sinceMs)],
  );
  return rows;
}

/** Tickets have ids of version 7: those that are issued from this moment on have greater ones. */
function firstIdAt(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}

/**
 * Where scanners go on from: the last change of the show's tickets, or `settledMs` after it once that is over, so that it stays where it is
 * while nothing changes; 0 where nothing has. A change that is not seen yet is younger than `settledMs`.
 */
export async function readDoorCursor(
  db: Queryable,
  { showId, settledMs }: { showId: string; settledMs: number },
): Promise<number> {
  const { rows } = await db.query<{ lastMs: number; nowMs: number }>(
    `select coalesce(ceil(extract(epoch from greatest(
         -- An id knows no more than the millisecond.
         (select uuid_extract_timestamp(ticket_id) + interval '1 millisecond'
            from tickets where show_id = $1 order by ticket_id desc limit 1),
         (select max(voided_at) from tickets where show_id = $1 and status = 'void'),
         (select max(entered_at) from entries where show_id = $1),
         (select max(undone_at) from undone_entries where show_id = $1))) * 1000), 0)::float8 as "lastMs",
       floor(extract(epoch from statement_timestamp()) * 1000)::float8 as "nowMs"`,
    [showId],
  );
  const { lastMs, nowMs } = onlyRow(rows);
  const hasSettled = lastMs > 0 && lastMs + settledMs <= nowMs;
  return hasSettled ? lastMs + settledMs : lastMs;
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
