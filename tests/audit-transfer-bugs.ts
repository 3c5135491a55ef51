import { randomUUID } from "node:crypto";

import { moveSeats } from "../adapters/postgres/move-seats.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import { acceptTransfer } from "../adapters/postgres/transfers.ts";
import type { Bug } from "./audit-bugs.ts";
import { plantTransfer } from "./plant-transfer.ts";

/** One careless change each to how a ticket goes from one person to another, and what shows it. */
export const transferBugs: Bug[] = [
  {
    name: "a ticket that was handed on still opens the door",
    slips: [
      {
        of: "accept_transfer",
        from: "set status = 'void', moved_to =",
        to: "set status = 'live', moved_to =",
      },
      { index: "tickets_one_live_per_seat" },
    ],
    scenario: handedOn,
    breaks: ["I1", "I5"],
  },
  {
    name: "a ticket that was handed on is told to its receiver alone",
    slips: [{ of: "accept_transfer", from: "'TicketTransferred'", to: "'TicketsResent'" }],
    scenario: handedOn,
    breaks: ["I4"],
  },
  {
    name: "a ticket that was handed on is issued to nobody in particular",
    slips: [
      {
        of: "accept_transfer",
        from: "v_seat_id, p_user_id, v_now",
        to: "v_seat_id, p_transfer_id, v_now",
      },
    ],
    scenario: handedOn,
    breaks: ["I1", "I9"],
  },
  {
    name: "a ticket that was given back is still offered",
    slips: [{ of: "refund_tickets", from: /perform close_transfers\(.*\);/, to: "" }],
    scenario: offeredThenGivenBack,
    breaks: ["I1"],
  },
  {
    name: "a ticket that was moved is still offered",
    slips: [{ of: "move_seats", from: /perform close_transfers\(.*\);/, to: "" }],
    scenario: offeredThenMoved,
    breaks: ["I1"],
  },
];

async function handedOn(db: Queryable): Promise<void> {
  const { transfer } = await plantTransfer(db);
  await acceptTransfer(db, { ...transfer, userId: randomUUID() });
}

async function offeredThenGivenBack(db: Queryable): Promise<void> {
  const { booking } = await plantTransfer(db);
  await refundTickets(db, { ...booking, cause: "buyer:one", seatIds: ["A1"], withFees: true });
}

async function offeredThenMoved(db: Queryable): Promise<void> {
  const { booking } = await plantTransfer(db);
  await moveSeats(db, { ...booking, moves: [{ fromSeatId: "A1", toSeatId: "A5" }] });
}
