import { randomUUID } from "node:crypto";

import { changeHold } from "../adapters/postgres/change-hold.ts";
import { holdSeats, releaseBooking } from "../adapters/postgres/holds.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { joinWaitingList, leaveWaitingList } from "../adapters/postgres/waiting-list.ts";
import { listOpenOffers, openOffers, settleOffers } from "../adapters/postgres/waiting-offers.ts";
import type { Bug } from "./audit-bugs.ts";
import { openWaitingList } from "./open-waiting-list.ts";
import { plantShow } from "./plant-show.ts";
import { sellBooking } from "./sell-booking.ts";

/** One careless change each to the statements of waiting lists, and what shows it. */
export const waitingBugs: Bug[] = [
  {
    name: "a walk-in has a seat that people wait for",
    slips: [
      {
        of: "hold_seats",
        from: "if not found and (is_for_waiting_list(",
        to: "if false and (is_for_waiting_list(",
      },
    ],
    scenario: async (db) => walkIn(db, await returned(db)),
    breaks: ["I12"],
  },
  {
    name: "somebody adds a seat that people wait for to an older hold",
    slips: [{ of: "change_hold", from: "and v_show.waiting_since is not null", to: "and false" }],
    scenario: addedToOlderHold,
    breaks: ["I12"],
  },
  {
    name: "a seat is offered to somebody who has an offer",
    slips: [
      { of: "open_offers", from: "and state = 'waiting'", to: "" },
      { index: "waiting_offers_one_open" },
    ],
    scenario: offeredTwice,
    breaks: ["I12"],
  },
  {
    name: "an offer ends, and its entry does not",
    slips: [
      {
        of: "settle_offers",
        from: "and entry_id = v_offer.entry_id and state = 'offered';\n    if v_state",
        to: "and false;\n    if v_state",
      },
    ],
    scenario: offeredAndDeclined,
    breaks: ["I12"],
  },
  {
    name: "an entry ends, and its offer does not",
    slips: [
      {
        of: "settle_offers",
        from: "where show_id = p_show_id and booking_id = v_offer.booking_id;\n    if v_booking.end_reason",
        to: "where false;\n    if v_booking.end_reason",
      },
    ],
    scenario: offeredAndDeclined,
    breaks: ["I12"],
  },
  {
    name: "the last one leaves a waiting list, and it stays open",
    slips: [{ of: "close_empty_waiting_list", from: "waiting_since is not null;", to: "false;" }],
    scenario: joinedAndLeft,
    breaks: ["I3"],
    look: { nowMs: Date.now() + 19 * 60_000 },
  },
];

/** What goes wrong when nobody looks at a waiting list. */
export const waitingNeglects: Omit<Bug, "slips">[] = [
  {
    name: "nobody settles an offer that was given back",
    scenario: async (db) => void (await offeredAndGivenBack(db)),
    breaks: ["I13"],
    look: { nowMs: Date.now() + 19 * 60_000 },
  },
  {
    name: "nobody closes the waiting list of a show whose sale is over",
    scenario: waitedUntilTheEnd,
    breaks: ["I13"],
    look: { nowMs: Date.now() + 19 * 60_000 },
  },
];

/** Two sold seats, of which one comes back while somebody waits since a minute. */
async function returned(db: Queryable) {
  const showId = await plantShow(db, { seats: 2 });
  await sellBooking(db, { showId, seatIds: ["A1"] });
  const booking = await hold(db, showId, "A2");
  await openWaitingList(db, showId);
  const userId = randomUUID();
  const wish = { partySize: 1, priceCodes: [], totalMaxMinor: null, isTogether: true };
  const joined = await joinWaitingList(db, {
    ...{ showId, userId, ...wish, accessible: 0, companions: 0, apart: [] },
  });
  if (joined.outcome !== "joined") throw new Error(joined.outcome);
  await aMinutePasses(db, showId);
  await giveBack(db, booking);
  return { showId, userId, entryId: joined.entryId };
}

/** The list is a minute old, and what was booked before it is older. */
async function aMinutePasses(db: Queryable, showId: string): Promise<void> {
  await db.query(
    "update shows set waiting_since = now() - interval '1 minute' where show_id = $1",
    [showId],
  );
  await db.query(
    "update bookings set created_at = created_at - interval '2 minutes' where show_id = $1",
    [showId],
  );
}

type Waiter = Awaited<ReturnType<typeof returned>>;

function order(showId: string, seatId: string) {
  return {
    ...{ showId, bookingId: randomUUID(), userId: randomUUID(), seatIds: [seatId] },
    ...{ requestHash: "hash", holdSeconds: 3_600, graceSeconds: 120, deadlineMs: 0 },
  };
}

async function hold(db: Queryable, showId: string, seatId: string) {
  const wanted = order(showId, seatId);
  await holdSeats(db, wanted);
  return wanted;
}

async function giveBack(
  db: Queryable,
  booking: { showId: string; bookingId: string },
): Promise<void> {
  await releaseBooking(db, {
    ...{ ...booking, status: "cancelled", reason: "buyer" },
    ...{ paymentsSettled: true, confirmedToo: false },
  });
}

async function walkIn(db: Queryable, { showId }: Waiter): Promise<void> {
  await hold(db, showId, "A2");
}

async function addedToOlderHold(db: Queryable): Promise<void> {
  const showId = await plantShow(db, { seats: 2 });
  const booking = await hold(db, showId, "A1");
  const other = await hold(db, showId, "A2");
  await openWaitingList(db, showId);
  await joinWaitingList(db, {
    ...{ showId, userId: randomUUID(), partySize: 2, priceCodes: [], totalMaxMinor: null },
    ...{ isTogether: true, accessible: 0, companions: 0, apart: [] },
  });
  await aMinutePasses(db, showId);
  await giveBack(db, other);
  await changeHold(db, { ...booking, add: ["A2"], drop: [] });
}

async function offer(db: Queryable, { showId, entryId }: Waiter, seatId: string): Promise<void> {
  const chosen = { entryId, seatIds: [seatId], area: null, quantity: 1 };
  await openOffers(db, { showId, offers: [chosen] });
  for (const open of await listOpenOffers(db, showId)) {
    if (open.heldUntilMs !== null) continue;
    await holdSeats(db, { ...order(showId, seatId), ...open });
  }
}

async function offeredTwice(db: Queryable): Promise<void> {
  const waiter = await returned(db);
  await offer(db, waiter, "A2");
  await offer(db, waiter, "A2");
}

async function offeredAndGivenBack(db: Queryable): Promise<Waiter> {
  const waiter = await returned(db);
  await offer(db, waiter, "A2");
  for (const open of await listOpenOffers(db, waiter.showId)) {
    await giveBack(db, { ...waiter, ...open });
  }
  return waiter;
}

async function offeredAndDeclined(db: Queryable): Promise<void> {
  const { showId } = await offeredAndGivenBack(db);
  await settleOffers(db, { showId, lostSeconds: 120 });
}

async function joinedAndLeft(db: Queryable): Promise<void> {
  await leaveWaitingList(db, await returned(db));
}

async function waitedUntilTheEnd(db: Queryable): Promise<void> {
  const { showId } = await returned(db);
  await db.query("update shows set sales_close_at = now() where show_id = $1", [showId]);
}
