import { randomUUID } from "node:crypto";

import { compSeats } from "../adapters/postgres/comp-seats.ts";
import { moveSeats } from "../adapters/postgres/move-seats.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { Bug } from "./audit-bugs.ts";
import { plantShow } from "./plant-show.ts";
import { sellBooking } from "./sell-booking.ts";

/** One careless change each to what an organiser does with seats of a show, and what shows it. */
export const deskBugs: Bug[] = [
  {
    name: "a moved ticket still opens the door",
    slips: [
      {
        of: "move_seats",
        from: "set status = 'void', moved_to =",
        to: "set status = 'live', moved_to =",
      },
    ],
    scenario: moved,
    breaks: ["I1", "I5"],
  },
  {
    name: "a move is told as something else",
    slips: [{ of: "move_seats", from: "'TicketsMoved'", to: "'TicketsResent'" }],
    scenario: moved,
    breaks: ["I4"],
  },
  {
    name: "a move forgets what was paid for the seat",
    slips: [
      {
        of: "move_seats",
        from: "set seat_id = move.to_id, moved_at = v_now",
        to: "set moved_at = v_now",
      },
    ],
    scenario: moved,
    breaks: ["I1", "I3", "I5", "I6"],
  },
  {
    name: "a gift does not count against the limit",
    slips: [{ of: "comp_seats", from: "if not count_seats(", to: "if false and not count_seats(" }],
    scenario: given,
    breaks: ["I11"],
  },
  {
    name: "a gift is sold at the price of its seats",
    slips: [
      {
        of: "comp_seats",
        from: "seat_id, price_code, 0, 0, 0",
        to: "seat_id, price_code, 1000, 100, 0",
      },
    ],
    scenario: given,
    breaks: ["I6"],
  },
];

async function moved(db: Queryable): Promise<void> {
  const booking = await sellBooking(db, { showId: await plantShow(db), seatIds: ["A1", "A2"] });
  await moveSeats(db, { ...booking, moves: [{ fromSeatId: "A1", toSeatId: "A5" }] });
}

async function given(db: Queryable): Promise<void> {
  await compSeats(db, {
    ...{ showId: await plantShow(db), seatIds: ["A1", "A2"], channel: null, graceSeconds: 120 },
    ...{ bookingId: randomUUID(), userId: randomUUID(), paymentId: randomUUID() },
    requestHash: "hash",
  });
}
