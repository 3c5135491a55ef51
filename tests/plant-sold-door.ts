import { showIds, ticketIds } from "../domain/ids.ts";
import { localKeys } from "../local/local-keys.ts";
import { createTicketSigning } from "../platform/ticket-signing.ts";
import type { Edge } from "./edge.ts";
import { plantHouse } from "./plant-house.ts";
import { sellBooking } from "./sell-booking.ts";

const signing = createTicketSigning(localKeys.TICKET_KEYS);

/**
 * A show that begins within the hour, with somebody in each role and its seats A1, A2, … sold: four, or `tickets` of them, which
 * are written by one statement. `door` is where scanners find it.
 */
export async function plantSoldDoor(edge: Edge, tickets = 4) {
  const db = edge.database.pool;
  const house = await plantHouse(edge, { seats: Math.max(10, tickets) });
  const { showId } = house;
  await db.query("update shows set starts_at = now() + interval '1 hour' where show_id = $1", [
    showId,
  ]);
  const booking = await sellBooking(db, { showId, seatIds: ["A1", "A2", "A3", "A4"] });
  if (tickets > 4) {
    await db.query(
      `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
       select $1, uuidv7(), $2, 'A' || number, $3, now() from generate_series(5, $4::integer) as number`,
      [showId, booking.bookingId, booking.userId, tickets],
    );
  }
  const { rows } = await db.query<{ id: string; seatId: string; issuedAtMs: number }>(
    `select ticket_id as id, seat_id as "seatId", floor(extract(epoch from issued_at) * 1000)::float8 as "issuedAtMs"
     from tickets where show_id = $1 order by seat_id`,
    [showId],
  );
  const { rows: venues } = await db.query<{ venueId: string }>(
    `select venue_id as "venueId" from shows join halls using (hall_id) where show_id = $1`,
    [showId],
  );
  return {
    ...{ ...house, booking, venueId: venues[0]?.venueId ?? "" },
    door: `/v1/door/shows/${showIds.encode(showId)}`,
    tickets: rows.map(({ id, seatId, issuedAtMs }) => ({
      ...{ id, seatId },
      qr: signing.sign({ ticketId: ticketIds.encode({ id, showId }), seatId, issuedAtMs }),
    })),
  };
}
