import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { somebodyWaits } from "../../tests/somebody-waits.ts";
import { admit, countEntries, listConflicts, undoEntry } from "./entries.ts";
import { moveSeats } from "./move-seats.ts";
import { withTransaction } from "./pool.ts";
import type { Database, Queryable } from "./pool.ts";
import { refundTickets } from "./refunds.ts";

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createDatabase();
  db = database.pool;
}, 60_000);
afterAll(() => database.drop());

/** A show whose tickets are sold, in seat order. */
async function soldShow(seatIds = ["A1", "A2", "A3", "A4"]) {
  const showId = await plantShow(db);
  const booking = await sellBooking(db, { showId, seatIds });
  const { rows } = await db.query<{ ticketId: string }>(
    'select ticket_id as "ticketId" from tickets where show_id = $1 order by seat_id',
    [showId],
  );
  return { showId, booking, ticketIds: rows.map(({ ticketId }) => ticketId) };
}

function device(showId: string, gate: string, on: Queryable = db) {
  const deviceId = randomUUID();
  const userId = randomUUID();
  return {
    send: (scans: Parameters<typeof admit>[1]["scans"]) =>
      admit(on, { showId, userId, deviceId, gate, scans }),
  };
}

function scan(ticketId = "", wasAdmitted = false) {
  return { scanId: randomUUID(), ticketId, scannedAtMs: Date.now(), wasAdmitted };
}

async function verdicts(answered: ReturnType<typeof admit>) {
  return (await answered).answers.map(({ verdict }) => verdict);
}

/** By a supervisor; `meanwhile` happens before it is committed. */
function undo(
  showId: string,
  ticketId = "",
  meanwhile: () => Promise<void> = async () => undefined,
) {
  return withTransaction(db, async (tx) => {
    const gate = await undoEntry(tx, { showId, ticketId, userId: randomUUID() });
    await meanwhile();
    return gate;
  });
}

/** How many of two gates at one moment let the holder of one ticket in, in twenty tries at once. */
async function raceGates(on: Queryable): Promise<number[]> {
  const shows = await Promise.all(Array.from({ length: 20 }, () => soldShow(["A1"])));
  return Promise.all(
    shows.map(async ({ showId, ticketIds: [ticketId] }) => {
      const told = await Promise.all(
        ["north", "south", "east", "west"].map((gate) =>
          verdicts(device(showId, gate, on).send([scan(ticketId)])),
        ),
      );
      return told.flat().filter((verdict) => verdict === "entered").length;
    }),
  );
}

test("four gates and one ticket at one moment, twenty times: one of them lets its holder in", async () => {
  expect(await raceGates(db)).toEqual(Array.from({ length: 20 }, () => 1));
});

test("who comes second is told when and where the first one came", async () => {
  const { showId, ticketIds } = await soldShow(["A1"]);
  await device(showId, "north").send([scan(ticketIds[0])]);
  const { answers, conflicts } = await device(showId, "south").send([scan(ticketIds[0])]);
  expect(answers).toMatchObject([{ verdict: "already_entered", gate: "north", seatId: "A1" }]);
  expect(Date.now() - Number(answers[0]?.enteredAtMs)).toBeLessThan(60_000);
  expect(conflicts).toEqual([]);
});

test("two devices without the network let the same person in: the first to tell has, the second is a conflict, kept and told once", async () => {
  const { showId, booking, ticketIds } = await soldShow();
  const [north, south] = [device(showId, "north"), device(showId, "south")];
  // The second to tell says that it was there a day before: its clock decides nothing.
  const late = { ...scan(ticketIds[0], true), scannedAtMs: Date.now() - 86_400_000 };
  const batch = [late, scan(ticketIds[1], true)];
  expect(await verdicts(north.send([scan(ticketIds[0], true)]))).toEqual(["entered"]);
  const first = await south.send(batch);
  expect(first.answers.map(({ verdict }) => verdict)).toEqual(["already_entered", "entered"]);
  expect(first.conflicts).toEqual(["entered"]);
  const again = await south.send(batch);
  expect(again).toEqual({ answers: first.answers, conflicts: [] });
  expect(await listConflicts(db, showId)).toMatchObject([
    { seatId: "A1", gate: "south", enteredGate: "north", reason: "entered" },
  ]);
  expect(await countEntries(db, showId)).toEqual({
    tickets: 4,
    gates: [
      { gate: "north", entered: 1 },
      { gate: "south", entered: 1 },
    ],
  });
  const { rows } = await db.query(
    "select payload from outbox where show_id = $1 and payload ->> 'type' = 'EntryConflicted'",
    [showId],
  );
  expect(rows.map(({ payload }) => payload)).toMatchObject([
    { ...{ bookingId: booking.bookingId, ticketId: ticketIds[0] }, gate: "south" },
  ]);
});

test("a void ticket lets nobody in; whoever was let in on it without the network is a conflict", async () => {
  const { showId, booking, ticketIds } = await soldShow();
  await refundTickets(db, {
    ...booking,
    ...{ cause: "buyer:one", seatIds: ["A1", "A2"], withFees: true },
  });
  const { answers, conflicts } = await device(showId, "north").send([
    scan(ticketIds[0]),
    scan(ticketIds[1], true),
    scan(ticketIds[2]),
    scan(randomUUID(), true),
  ]);
  expect(answers.map(({ verdict }) => verdict)).toEqual(["void", "void", "entered", "unknown"]);
  expect(conflicts).toEqual(["void"]);
});

test("a ticket that was used at the door is neither given back nor moved, until its entry is undone", async () => {
  const { showId, booking, ticketIds } = await soldShow(["A1", "A2"]);
  await device(showId, "north").send([scan(ticketIds[0])]);
  const refund = { ...booking, cause: "buyer:one" as const, withFees: true };
  const refused = { outcome: "refused", code: "TICKET_ENTERED", seatIds: ["A1"] };
  const moves = [{ fromSeatId: "A1", toSeatId: "A9" }];
  expect(await refundTickets(db, refund)).toEqual(refused);
  expect(await moveSeats(db, { ...booking, moves })).toEqual(refused);
  expect(await refundTickets(db, { ...refund, seatIds: ["A2"] })).toMatchObject({
    outcome: "open",
  });
  expect(await undo(showId, ticketIds[0])).toBe("north");
  expect(await undo(showId, ticketIds[0])).toBeUndefined();
  expect(await moveSeats(db, { ...booking, moves })).toMatchObject({ outcome: "moved" });
});

test("of a cancelled show everything goes back, whoever was inside", async () => {
  const { showId, booking, ticketIds } = await soldShow(["A1"]);
  await device(showId, "north").send([scan(ticketIds[0])]);
  await db.query("update shows set status = 'cancelled' where show_id = $1", [showId]);
  const refund = { ...booking, cause: "show_cancelled" as const, withFees: true };
  expect(await refundTickets(db, refund)).toMatchObject({ outcome: "open" });
});

test("a refund and a scan at one moment, twenty times: one of them has the ticket", async () => {
  expect(await raceRefunds()).toEqual([]);
});

/** A scan that comes while a refund has not committed: what it is answered. */
async function scanDuringRefund() {
  const { showId, booking, ticketIds } = await soldShow(["A1"]);
  const scanned = await withTransaction(db, async (tx) => {
    await refundTickets(tx, { ...booking, cause: "buyer:race", withFees: true });
    const late = { told: verdicts(device(showId, "north").send([scan(ticketIds[0])])) };
    await eventually(() => somebodyWaits(db));
    return late;
  });
  return scanned.told;
}

test("a scan that comes while its ticket is given back waits, and is told that it is void", async () => {
  expect(await scanDuringRefund()).toEqual(["void"]);
});

/** An entry is taken back, and before that is committed its scan is sent again: what that is answered. */
async function scanDuringUndo() {
  const { showId, ticketIds } = await soldShow(["A1"]);
  const north = device(showId, "north");
  const wrong = scan(ticketIds[0], true);
  await north.send([wrong]);
  const again: { told?: Promise<string[]> } = {};
  await undo(showId, ticketIds[0], async () => {
    again.told = verdicts(north.send([wrong]));
    await eventually(() => somebodyWaits(db));
  });
  return { told: await again.told, undoAgain: () => undo(showId, ticketIds[0]) };
}

test("a scan that is sent again while its entry is taken back stays taken back", async () => {
  const { told, undoAgain } = await scanDuringUndo();
  expect(told).toEqual(["undone"]);
  expect(await undoAgain()).toBeUndefined();
});

/** What was both given back and let in. */
async function raceRefunds() {
  const shows = await Promise.all(Array.from({ length: 20 }, () => soldShow(["A1", "A2"])));
  await Promise.all(
    shows.flatMap(({ showId, booking, ticketIds }) => [
      refundTickets(db, { ...booking, cause: "buyer:race", withFees: true }),
      device(showId, "north").send(ticketIds.map((ticketId) => scan(ticketId))),
    ]),
  );
  const { rows } = await db.query(
    `select entry.show_id from entries entry join tickets using (show_id, ticket_id)
     where status = 'void' and entry.show_id = any($1)`,
    [shows.map(({ showId }) => showId)],
  );
  return rows;
}

test("a scan that a supervisor has undone lets nobody in when it is sent again; another scan does", async () => {
  const { showId, ticketIds } = await soldShow(["A1"]);
  const north = device(showId, "north");
  const wrong = scan(ticketIds[0], true);
  await north.send([wrong]);
  await undo(showId, ticketIds[0]);
  expect(await north.send([wrong])).toMatchObject({
    answers: [{ verdict: "undone" }],
    conflicts: [],
  });
  expect(await verdicts(north.send([scan(ticketIds[0])]))).toEqual(["entered"]);
});

test("batches of the same five hundred tickets from four devices, each in an order of its own: all end, each ticket enters once", async () => {
  const seats = Array.from({ length: 500 }, (_, index) => `A${index + 1}`);
  const showId = await plantShow(db, { seats: 500, seatsPerBuyerMax: 500 });
  await sellAll(showId, seats);
  const { rows } = await db.query<{ id: string }>(
    "select ticket_id as id from tickets where show_id = $1",
    [showId],
  );
  const told = await Promise.all(
    ["north", "south", "east", "west"].map((gate, index) => {
      const turned = [...rows.slice(index * 100), ...rows.slice(0, index * 100)];
      return verdicts(
        device(showId, gate).send(
          (index % 2 === 0 ? turned : turned.toReversed()).map(({ id }) => scan(id)),
        ),
      );
    }),
  );
  const entered = told.flat().filter((verdict) => verdict === "entered");
  expect(entered).toHaveLength(500);
});

/** In bookings of ten. */
async function sellAll(showId: string, seats: string[]): Promise<void> {
  for (let from = 0; from < seats.length; from += 10) {
    await sellBooking(db, { showId, seatIds: seats.slice(from, from + 10) });
  }
}

test("control: where an entry is looked for before it is written, several gates let one ticket in", async () => {
  const own = await createDatabase();
  const shared = db;
  db = own.pool;
  try {
    await db.query("alter table entries drop constraint entries_pkey");
    await mutateFunction(db, "admit", (source) =>
      source.replace(
        "where not exists (",
        `where not exists (select 1 from entries before
          where before.show_id = p_show_id and before.ticket_id = scan.ticket_id) and not exists (`,
      ),
    );
    const admitted = await raceGates(own.pool);
    expect(admitted.some((count) => count > 1)).toBe(true);
  } finally {
    db = shared;
    await own.drop();
  }
});

test("control: where a scan locks no ticket, it gets in on a void one, and on one whose entry is taken back for good", async () => {
  const own = await createDatabase();
  const shared = db;
  db = own.pool;
  try {
    await mutateFunction(db, "admit", (source) => source.replace(" for share", ""));
    expect(await scanDuringRefund()).toEqual(["entered"]);
    const { told, undoAgain } = await scanDuringUndo();
    expect(told).toEqual(["entered"]);
    await expect(undoAgain()).rejects.toMatchObject({ code: "23505" });
  } finally {
    db = shared;
    await own.drop();
  }
});
