import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type StoredTicket = {
  ticketId: string;
  showId: string;
  bookingId: string;
  userId: string;
  seatId: string;
  status: "live" | "void";
  issuedAtMs: number;
};

export async function findTicket(
  db: Queryable,
  ticket: { showId: string; ticketId: string },
): Promise<StoredTicket | undefined> {
  const { rows } = await db.query<StoredTicket>(
    `select ${ticketColumns}
     from tickets
     where show_id = $1 and ticket_id = $2`,
    [ticket.showId, ticket.ticketId],
  );
  return rows[0];
}

/** The tickets of a booking that are this person's and were not moved away from, void ones too, in the order of their seats. */
export async function listTicketsOf(
  db: Queryable,
  { showId, bookingId, userId }: BookingKey & { userId: string },
): Promise<StoredTicket[]> {
  const { rows } = await db.query<StoredTicket>(
    `select ${ticketColumns}
     from tickets
     where show_id = $1 and booking_id = $2 and user_id = $3 and moved_to is null
     order by seat_id, nth`,
    [showId, bookingId, userId],
  );
  return rows;
}

/** Those of these tickets that are live, in the order of their seats. */
export async function findLiveTickets(
  db: Queryable,
  showId: string,
  ticketIds: string[],
): Promise<StoredTicket[]> {
  const { rows } = await db.query<StoredTicket>(
    `select ${ticketColumns}
     from tickets
     where show_id = $1 and ticket_id = any($2) and status = 'live'
     order by seat_id`,
    [showId, ticketIds],
  );
  return rows;
}

export type ResendOutcome =
  | { outcome: "sent" }
  | { outcome: "wait"; leftMs: number }
  | { outcome: "refused"; code: "BOOKING_NOT_FOUND" | "TICKET_NOT_LIVE" };

/** Has a buyer's live tickets sent again, once in `pauseSeconds` (`resend_own_tickets` in schema.sql). */
export async function resendOwnTickets(
  db: Queryable,
  {
    showId,
    bookingId,
    userId,
    pauseSeconds,
  }: BookingKey & { userId: string; pauseSeconds: number },
): Promise<ResendOutcome> {
  const { rows } = await db.query<{ answer: ResendOutcome }>(
    "select resend_own_tickets($1, $2, $3, $4) as answer",
    [showId, bookingId, userId, pauseSeconds],
  );
  return onlyRow(rows).answer;
}

const ticketColumns = `ticket_id as "ticketId", show_id as "showId", booking_id as "bookingId", user_id as "userId",
       seat_id as "seatId", status, floor(extract(epoch from issued_at) * 1000)::float8 as "issuedAtMs"`;
