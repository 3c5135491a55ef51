import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantBug } from "../../tests/plant-bug.ts";
import { plantTransfer, ticketOf } from "../../tests/plant-transfer.ts";
import { findViolations } from "./audit/find-violations.ts";
import { moveSeats } from "./move-seats.ts";
import { refundTickets } from "./refunds.ts";
import { findTicket } from "./tickets.ts";
import { acceptTransfer, cancelTransfer, findTransfer, openTransfer } from "./transfers.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

type Planted = Awaited<ReturnType<typeof plantTransfer>>;

/** What has become of it: the outcome, or the refusal's code. */
function said(answer: { outcome: string; code?: string }): string {
  return answer.code ?? answer.outcome;
}

async function accept({ transfer }: Planted, userId: string = transfer.toUserId) {
  return said(await acceptTransfer(database.pool, { ...transfer, userId }));
}

async function cancel({ transfer }: Planted) {
  const { showId, ticketId, fromUserId: userId } = transfer;
  return said(await cancelTransfer(database.pool, { showId, ticketId, userId }));
}

async function open({ transfer }: Planted, change: object = {}) {
  const order = { ...transfer, transferId: randomUUID(), ...change };
  return said(await openTransfer(database.pool, order));
}

async function giveBack({ booking }: Planted, seatIds: string[]) {
  const { showId, bookingId } = booking;
  const order = { showId, bookingId, cause: "buyer:one", withFees: false } as const;
  return said(await refundTickets(database.pool, { ...order, seatIds }));
}

/** Who has to wait for a lock has failed. */
async function giveBackAtOnce({ booking: { showId, bookingId } }: Planted): Promise<string> {
  const client = await database.pool.connect();
  try {
    await client.query("set lock_timeout = '2s'");
    const order = { showId, bookingId, cause: "buyer:one", withFees: false } as const;
    return said(await refundTickets(client, order));
  } finally {
    client.release(true);
  }
}

/** "A1 live receiver": each ticket of the booking, with whose it is. */
async function tickets({ booking, transfer }: Planted): Promise<string[]> {
  const { rows } = await database.pool.query<{ line: string; userId: string }>(
    `select concat_ws(' ', seat_id, status) as line, user_id as "userId" from tickets
     where show_id = $1 and booking_id = $2 order by seat_id, nth`,
    [booking.showId, booking.bookingId],
  );
  const names = new Map([
    [booking.userId, "buyer"],
    [transfer.toUserId, "receiver"],
  ]);
  return rows.map(({ line, userId }) => `${line} ${names.get(userId) ?? "somebody"}`);
}

/** "TicketReceived receiver": the events of the booking from the first transfer on. */
async function told({ booking }: Planted): Promise<{ type: string; userId: string }[]> {
  const { rows } = await database.pool.query<{ type: string; userId: string }>(
    `select payload ->> 'type' as type, payload ->> 'userId' as "userId" from outbox
     where show_id = $1 order by event_id`,
    [booking.showId],
  );
  return rows.slice(rows.findIndex(({ type }) => type === "TransferOpened"));
}

async function breaks({ booking }: Planted): Promise<string[]> {
  const { showId } = booking;
  const found = await findViolations(database.pool, { showId, outbox: "kept" });
  return found.map(({ holds, what }) => `${holds}: ${what}`);
}

test("a ticket that is accepted is void, and another one is its receiver's; both are told, and the seat counts for its buyer", async () => {
  const planted = await plantTransfer(database.pool);
  const { booking, transfer } = planted;
  expect(await tickets(planted)).toEqual(["A1 live buyer", "A2 live buyer"]);
  expect(await accept(planted)).toBe("accepted");
  expect(await tickets(planted)).toEqual([
    ...["A1 void buyer", "A1 live receiver", "A2 live buyer"],
  ]);
  expect(await told(planted)).toEqual([
    { type: "TransferOpened", userId: transfer.toUserId },
    { type: "TicketTransferred", userId: booking.userId },
    { type: "TicketReceived", userId: transfer.toUserId },
  ]);
  const { rows } = await database.pool.query(
    `select user_id as "userId", seats from show_buyers where show_id = $1`,
    [booking.showId],
  );
  expect(rows).toEqual([{ userId: booking.userId, seats: 2 }]);
  expect(await breaks(planted)).toEqual([]);
});

test("accepting again gives the same ticket, and nobody else can accept any more", async () => {
  const planted = await plantTransfer(database.pool);
  expect([await accept(planted), await accept(planted)]).toEqual(["accepted", "accepted"]);
  expect(await accept(planted, randomUUID())).toBe("TRANSFER_CLOSED");
  expect(await tickets(planted)).toHaveLength(3);
});

test("whoever is signed in and accepts has the ticket, and may hand it on", async () => {
  const planted = await plantTransfer(database.pool);
  const somebody = randomUUID();
  await accept(planted, somebody);
  const { showId } = planted.booking;
  const ticketId = await ticketOf(database.pool, planted.booking, "A1");
  expect(await open(planted)).toBe("TICKET_NOT_LIVE");
  expect(await open(planted, { ticketId, fromUserId: somebody })).toBe("open");
  expect(await findTicket(database.pool, { showId, ticketId })).toMatchObject({
    ...{ userId: somebody, status: "live" },
  });
});

test("its owner keeps a ticket as long as it is not accepted; the receiver hears of it, and comes too late", async () => {
  const planted = await plantTransfer(database.pool);
  expect([await cancel(planted), await cancel(planted)]).toEqual(["cancelled", "cancelled"]);
  expect(await accept(planted)).toBe("TRANSFER_CLOSED");
  expect((await told(planted)).map(({ type }) => type)).toEqual([
    ...["TransferOpened", "TransferCancelled"],
  ]);
  expect(await tickets(planted)).toEqual(["A1 live buyer", "A2 live buyer"]);

  const accepted = await plantTransfer(database.pool);
  await accept(accepted);
  expect(await cancel(accepted)).toBe("TRANSFER_CLOSED");
});

test("a ticket is offered to one at a time, five times at the most, and by its owner alone", async () => {
  const planted = await plantTransfer(database.pool);
  expect(await open(planted)).toBe("TRANSFER_OPEN");
  expect(await open(planted, { fromUserId: randomUUID() })).toBe("TICKET_NOT_FOUND");
  for (let times = 1; times < 5; times += 1) {
    await cancel(planted);
    expect(await open(planted)).toBe("open");
  }
  await cancel(planted);
  expect(await open(planted)).toBe("TRANSFERS_EXHAUSTED");
});

test("the same offer again is answered as it stands", async () => {
  const planted = await plantTransfer(database.pool);
  await cancel(planted);
  const again = await openTransfer(database.pool, planted.transfer);
  expect(again).toMatchObject({ outcome: "open", transfer: { status: "cancelled" } });
});

test.each([
  ["was given back", (one: Planted) => giveBack(one, ["A1"])],
  ["was moved", move],
])(
  "a ticket that was offered and %s is not offered any more: its receiver hears of it, and comes too late",
  async (_, happen) => {
    const planted = await plantTransfer(database.pool);
    const { transfer } = planted;
    await happen(planted);
    expect(await findTransfer(database.pool, transfer)).toMatchObject({ status: "cancelled" });
    expect((await told(planted)).slice(1)).toContainEqual({
      ...{ type: "TransferCancelled", userId: transfer.toUserId },
    });
    expect(await accept(planted)).toBe("TRANSFER_CLOSED");
    expect(await open(planted)).toBe("TICKET_NOT_LIVE");
    expect(await breaks(planted)).toEqual([]);
  },
);

test("who was offered a ticket that stays as it is hears nothing when another one is given back, nor does who has let the time pass", async () => {
  const planted = await plantTransfer(database.pool);
  await giveBack(planted, ["A2"]);
  expect(await findTransfer(database.pool, planted.transfer)).toMatchObject({ status: "open" });

  const late = await plantTransfer(database.pool);
  await endTime(late);
  await giveBack(late, ["A1"]);
  expect(await findTransfer(database.pool, late.transfer)).toMatchObject({ status: "expired" });
  const heard = [...(await told(planted)), ...(await told(late))].map(({ type }) => type);
  expect(heard).not.toContain("TransferCancelled");
});

test("a refund does not wait for a scan of the ticket that was handed on: it is void already", async () => {
  const planted = await plantTransfer(database.pool);
  const { showId, ticketId } = planted.transfer;
  await accept(planted);
  const door = await database.pool.connect();
  try {
    await door.query("begin");
    // As `admit` locks it.
    const locks = "select 1 from tickets where show_id = $1 and ticket_id = $2 for share";
    await door.query(locks, [showId, ticketId]);
    expect(await giveBackAtOnce(planted)).toBe("open");
  } finally {
    await door.query("rollback");
    door.release();
  }
});

test.each([
  ["let somebody in", "TICKET_ENTERED", enter],
  ["is of a show that has begun", "SHOW_BEGUN", change("starts_at = now() - interval '1 s'")],
  ["is of a cancelled show", "SHOW_CANCELLED", change("status = 'cancelled'")],
])("a ticket that %s can be neither accepted nor offered: %s", async (_, code, happen) => {
  const planted = await plantTransfer(database.pool);
  await happen(planted);
  expect(await accept(planted)).toBe(code);
  expect(await open(planted)).toBe(code);
});

test("an offer whose time is over is accepted by nobody, and stands in nobody's way", async () => {
  const planted = await plantTransfer(database.pool);
  await endTime(planted);
  expect(await findTransfer(database.pool, planted.transfer)).toMatchObject({ status: "expired" });
  expect(await accept(planted)).toBe("TRANSFER_CLOSED");
  expect(await open(planted)).toBe("open");
});

test("a receiver accepts, the owner cancels and gives back at one moment: one of them has it, and all is well", async () => {
  const endings = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const planted = await plantTransfer(database.pool);
    const acts = [
      async () => `accept ${await accept(planted)}`,
      async () => `cancel ${await cancel(planted)}`,
      async () => `refund ${await giveBack(planted, ["A1"])}`,
    ];
    const turned = [...acts.slice(round % 3), ...acts.slice(0, round % 3)];
    endings.add((await Promise.all(turned.map((act) => act()))).toSorted().join(", "));
    expect((await tickets(planted)).filter((line) => line.startsWith("A1 live"))).toEqual([]);
    expect(await breaks(planted)).toEqual([]);
  }
  // Nobody both accepts and is cancelled, whoever was first.
  for (const ending of endings) {
    expect(ending).not.toContain("accept accepted, cancel cancelled");
  }
});

test("control: without looking at how the offer stands a cancelled one is accepted", async () => {
  const planted = await plantTransfer(database.pool);
  const heal = await plantBug(database.pool, {
    slips: [{ of: "accept_transfer", from: "v_transfer.status <> 'open' or", to: "" }],
  });
  await cancel(planted);
  const outcome = await accept(planted);
  await heal();
  expect(outcome).toBe("accepted");
});

test("a booking is given back: the receiver's ticket dies, they hear of it, and the money is the buyer's", async () => {
  const planted = await plantTransfer(database.pool);
  await accept(planted);
  expect(await giveBack(planted, ["A1", "A2"])).toBe("open");
  expect(await tickets(planted)).toEqual([
    ...["A1 void buyer", "A1 void receiver", "A2 void buyer"],
  ]);
  expect((await told(planted)).slice(3)).toEqual([
    { type: "ReceivedTicketsVoided", userId: planted.transfer.toUserId },
    { type: "TicketsVoided", userId: planted.booking.userId },
  ]);
  expect(await breaks(planted)).toEqual([]);
});

test("a ticket that was handed on moves with its receiver: they alone hear of it and get the new one", async () => {
  const planted = await plantTransfer(database.pool);
  const { booking, transfer } = planted;
  await accept(planted);
  const moves = [
    { fromSeatId: "A1", toSeatId: "A5" },
    { fromSeatId: "A2", toSeatId: "A6" },
  ];
  await moveSeats(database.pool, { ...booking, moves });
  expect((await tickets(planted)).filter((line) => line.includes("live"))).toEqual([
    ...["A5 live receiver", "A6 live buyer"],
  ]);
  const { rows } = await database.pool.query<{ userId: string; seats: string[] }>(
    `select payload ->> 'userId' as "userId",
       jsonb_path_query_array(payload, '$.ticketDetails[*].seatId') as seats
     from outbox where show_id = $1 and payload ->> 'type' = 'TicketsMoved'`,
    [booking.showId],
  );
  const seatsOf = new Map(rows.map(({ userId, seats }) => [userId, seats]));
  expect(seatsOf.get(transfer.toUserId)).toEqual(["A5"]);
  expect(seatsOf.get(booking.userId)).toEqual(["A6"]);
  expect(await breaks(planted)).toEqual([]);
});

async function enter({ booking, transfer }: Planted) {
  await database.pool.query(
    `insert into entries (show_id, ticket_id, gate, device_id, scan_id, user_id, scanned_at, entered_at, was_offline)
     values ($1, $2, 'main', $3, $3, $3, now(), now(), false)`,
    [booking.showId, transfer.ticketId, randomUUID()],
  );
}

async function endTime({ transfer }: Planted) {
  await database.pool.query(
    "update ticket_transfers set expires_at = now() - interval '1 s' where transfer_id = $1",
    [transfer.transferId],
  );
}

function move({ booking }: Planted) {
  const moves = [{ fromSeatId: "A1", toSeatId: "A5" }];
  return moveSeats(database.pool, { ...booking, moves });
}

function change(what: string) {
  return ({ booking }: Planted) =>
    database.pool.query(`update shows set ${what} where show_id = $1`, [booking.showId]);
}
