import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { freeProvider } from "../domain/free-provider.ts";
import { findBooking } from "../adapters/postgres/bookings.ts";
import { releaseBooking } from "../adapters/postgres/holds.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { plantShow } from "../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../tests/sell-booking.ts";
import { createLateMoneyActivities } from "./late-money.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** A booking that has expired, and its payment, which comes now. */
async function tooLate(showId: string, seatIds: string[]) {
  const held = await holdBooking(database.pool, { showId, seatIds });
  const booking = await openBookingPayment(database.pool, held);
  await releaseBooking(database.pool, {
    ...{ ...booking, status: "expired", reason: "hold_ended" },
    ...{ paymentsSettled: true, confirmedToo: false },
  });
  return {
    ...booking,
    ...({ eventId: randomUUID(), provider: "stripe", status: "authorised" } as const),
  };
}

async function revive(payment: Awaited<ReturnType<typeof tooLate>>) {
  const activities = createLateMoneyActivities({
    provider: () => freeProvider,
    db: database.pool,
    tellSeats: () => undefined,
  });
  const outcome = await activities.reviveBooking(payment);
  const booking = await findBooking(database.pool, payment);
  return { ...outcome, seatIds: booking?.seats.map(({ seatId }) => seatId) };
}

const floor = (number: number) => `FLOOR:00000${number}`;

test("late money for places buys others of the area where its own are taken: nobody has to allow that", async () => {
  const showId = await plantShow(database.pool, { seats: 2, places: 4 });
  const payment = await tooLate(showId, ["A1", floor(1), floor(2)]);
  await holdBooking(database.pool, { showId, seatIds: [floor(1), floor(3)] });
  expect(await revive(payment)).toEqual({
    outcome: "confirmed",
    seatIds: ["A1", floor(2), floor(4)],
  });
});

test("it buys nothing when the area has too few places, or a seat beside them is taken and none is as good", async () => {
  const showId = await plantShow(database.pool, { seats: 2, places: 3 });
  const [full, seat] = [
    await tooLate(showId, [floor(1), floor(2)]),
    await tooLate(showId, ["A1", floor(3)]),
  ];
  await holdBooking(database.pool, { showId, seatIds: ["A1", floor(1), floor(2)] });
  for (const payment of [full, seat]) {
    expect(await revive(payment)).toMatchObject({ outcome: "refused", reason: "seats_taken" });
  }
});
