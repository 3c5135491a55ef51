import type { Queryable } from "./pool.ts";

/** `owner`: the booking that has the seat; of a blocked seat: null. */
export type OwnedSeat = {
  seatId: string;
  status: "held" | "booked" | "blocked";
  owner: string | null;
};

/** Every seat of a show that cannot be had, in no order. A hold past its grace does not count: anybody may take it over. */
export async function listOwnedSeats(
  db: Queryable,
  { showId, graceSeconds }: { showId: string; graceSeconds: number },
): Promise<OwnedSeat[]> {
  const { rows } = await db.query<OwnedSeat>({
    name: "owned_seats",
    text: `select seat_id as "seatId", status, booking_id as owner
     from show_seats
     where show_id = $1 and status <> 'available'
       and (status <> 'held' or held_until + make_interval(secs => $2) > now())`,
    values: [showId, graceSeconds],
  });
  return rows;
}
