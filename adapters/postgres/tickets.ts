import type { BookingKey } from "./holds.ts";
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

const ticketColumns = `ticket_id as "ticketId", show_id as "showId", booking_id as "bookingId", user_id as "userId",
       seat_id as "seatId", status, floor(extract(epoch from issued_at) * 1000)::float8 as "issuedAtMs"`;
