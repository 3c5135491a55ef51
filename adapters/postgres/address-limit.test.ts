import { createHash } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { mutateFunction } from "../../tests/mutate-function.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking } from "../../tests/sell-booking.ts";
import type { HeldBooking } from "../../tests/sell-booking.ts";
import { releaseBooking } from "./holds.ts";
import { openPayment } from "./payments.ts";
import type { Queryable } from "./pool.ts";

// How many seats of a show people at one address may be paying for or have.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function limitedShow(seatsPerAddressMax: number | null, db: Queryable = database.pool) {
  const showId = await plantShow(db, { seats: 40, seatsPerBuyerMax: 40 });
  await db.query("update shows set seats_per_address_max = $2 where show_id = $1", [
    showId,
    seatsPerAddressMax,
  ]);
  return showId;
}

/** `address` undefined: nobody knows where the buyer is. */
async function begin(booking: HeldBooking, address?: string, db: Queryable = database.pool) {
  const opened = await openPayment(db, {
    ...{ ...booking, paymentId: crypto.randomUUID(), provider: "stripe", attemptsMax: 5 },
    ...(address !== undefined && {
      networkDigest: createHash("sha256").update(address).digest(),
    }),
  });
  return opened.outcome === "refused" ? opened.code : opened.paymentId;
}

async function holdAndBegin(showId: string, seatIds: string[], address?: string) {
  return begin(await holdBooking(database.pool, { showId, seatIds }), address);
}

const begun = expect.stringMatching(/^[0-9a-f-]{36}$/);

test("people at one address begin to pay for so many seats together, and others are not counted", async () => {
  const showId = await limitedShow(3);
  expect(await holdAndBegin(showId, ["A1", "A2"], "here")).toEqual(begun);
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A3", "A4"] });
  expect(await begin(booking, "here")).toBe("ADDRESS_LIMIT_REACHED");
  expect(await begin(booking, "elsewhere")).toEqual(begun);
  expect(await holdAndBegin(showId, ["A5"], "here")).toEqual(begun);
  expect(await holdAndBegin(showId, ["A6", "A7", "A8", "A9"])).toEqual(begun);
  expect(await holdAndBegin(await limitedShow(null), ["A1", "A2", "A3", "A4"], "here")).toEqual(
    begun,
  );
});

test("a payment that is begun again is counted once, and what was let go of no more", async () => {
  const showId = await limitedShow(2);
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A1", "A2"] });
  const paymentId = await begin(booking, "here");
  expect(await begin(booking, "here")).toBe(paymentId);
  expect(await holdAndBegin(showId, ["A3"], "here")).toBe("ADDRESS_LIMIT_REACHED");
  await releaseBooking(database.pool, {
    ...{ ...booking, status: "cancelled", reason: "test" },
    ...{ paymentsSettled: true, confirmedToo: false },
  });
  expect(await holdAndBegin(showId, ["A4", "A5"], "here")).toEqual(begun);
});

test("somebody else's booking is not there, at any address", async () => {
  const showId = await limitedShow(1);
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A1", "A2"] });
  expect(await begin({ ...booking, userId: crypto.randomUUID() }, "here")).toBe(
    "BOOKING_NOT_FOUND",
  );
});

/** Ten people at one address, who may have three seats together. */
async function race(db: Queryable) {
  const showId = await limitedShow(3, db);
  const bookings: HeldBooking[] = [];
  for (let seat = 1; seat <= 10; seat += 1) {
    bookings.push(await holdBooking(db, { showId, seatIds: [`A${seat}`] }));
  }
  const opened = await Promise.all(bookings.map((booking) => begin(booking, "here", db)));
  return opened.filter((one) => one !== "ADDRESS_LIMIT_REACHED").length;
}

test("ten who begin to pay at one address at the same moment get three seats", async () => {
  for (let round = 0; round < 5; round += 1) expect(await race(database.pool)).toBe(3);
});

test("control: without the lock of the address they get more", async () => {
  const unguarded = await createDatabase();
  try {
    await mutateFunction(unguarded.pool, "open_payment_from", (source) =>
      source
        .replace(/\n *insert into show_networks[^;]*;/, "")
        .replace(/perform 1 from show_networks[^;]*;/, "")
        .replace(/v_opened := /, "perform pg_sleep(0.05); v_opened := "),
    );
    expect(await race(unguarded.pool)).toBeGreaterThan(3);
  } finally {
    await unguarded.drop();
  }
});
