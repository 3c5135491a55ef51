import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { StartedPayment } from "../local/buyer.ts";
import { bookingBecomes, holdSeats, payFor, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking } from "./sell-booking.ts";
import { openShowChangeHouse } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";

// Checkouts that are under way when their show is cancelled. Each has a show of its own; all are cancelled at once.

const seats = { held: "A1", lost: "A2", unheard: "A3", capturing: "A4" };
let house: ShowChangeHouse;
let slippedBy: string;
let shows: Record<keyof typeof seats, { showId: string; bookingId: string }>;
let heldPayment: StartedPayment;
const bookingOf = (stage: keyof typeof seats) => readBooking(house.asha, shows[stage].bookingId);
const intentsOf = async (bookingId: string) => {
  const { id } = bookingIds.decode(bookingId);
  const { intents } = await house.stripe.ledger();
  return intents.filter(({ metadata }) => metadata["booking"] === id);
};
const intentOf = async (stage: keyof typeof seats) => (await intentsOf(shows[stage].bookingId))[0];

beforeAll(async () => {
  house = await openShowChangeHouse();
  const planted = Object.entries(seats).map(async ([stage, seat]) => {
    const showId = await house.plantShow();
    return [stage, { showId, bookingId: await holdSeats(house.asha, showId, [seat]) }] as const;
  });
  shows = Object.fromEntries(await Promise.all(planted)) as typeof shows;

  await house.stripe.fault({
    route: "POST /v1/payment_intents/:id/capture",
    kind: "delay",
    ms: 9_000,
  });
  await payFor(house.asha, shows.capturing.bookingId);
  await bookingBecomes(house.asha, shows.capturing.bookingId, "confirmed");
  await house.stripe.webhooks({ hold: true });
  await payFor(house.asha, shows.unheard.bookingId);
  heldPayment = (await house.asha.startPayment(shows.held.bookingId)).body;
  await house.asha.startPayment(shows.lost.bookingId);
  const { id } = bookingIds.decode(shows.lost.bookingId);
  await house.temporal.getHandle(checkoutWorkflowId(id)).terminate("as if Temporal had lost it");

  const cancelled = Object.values(shows).map(async ({ showId }) => {
    const change = await house.cancel(showId);
    await change.approve();
    await change.result();
  });
  [slippedBy] = await Promise.all([plantSlippingHold(), ...cancelled]);
  await house.stripe.webhooks({ hold: false });
}, 180_000);
afterAll(() => house.close(), 30_000);

/** A hold that had read its show before the cancellation, and commits behind the back of the first look at all bookings. */
async function plantSlippingHold(): Promise<string> {
  const showId = await plantShow(house.db);
  const client = await house.db.connect();
  try {
    await client.query("begin");
    const { bookingId } = await holdBooking(client, { showId, seatIds: ["A1"] });
    const change = await house.cancel(showIds.encode(showId));
    await change.approve();
    await eventually(async () => (await change.state()).progress !== null, 30_000);
    await client.query("commit");
    await change.result();
    return bookingId;
  } finally {
    client.release();
  }
}

/** The first thing that a cancellation does. */
function callOff(showId: string): Promise<unknown> {
  return house.rowsOf(showId, "update shows set status = 'cancelled' where show_id = $1");
}

test("held: the checkout gives its seats back, and its open payment can be paid no more", async () => {
  expect(await bookingOf("held")).toMatchObject({
    ...{ status: "cancelled", endReason: "show_cancelled" },
  });
  await eventually(async () => (await intentOf("held"))?.status === "canceled");
  expect((await house.asha.authorise(heldPayment)).status).toBe(400);
});

test("held, and nobody carries the checkout any more: the hold is ended and its payment voided all the same", async () => {
  expect((await bookingOf("lost")).endReason).toBe("show_cancelled");
  expect((await intentOf("lost"))?.status).toBe("canceled");
});

test("authorised, and nobody has heard of it yet: no ticket, and the money is let go", async () => {
  await eventually(async () => (await intentOf("unheard"))?.status === "canceled", 30_000);
  expect(await bookingOf("unheard")).toMatchObject({ status: "cancelled", tickets: [] });
});

test("confirmed, and its capture hangs: it is looked at again until the tickets are there, and the money goes back", async () => {
  expect(await bookingOf("capturing")).toMatchObject({
    ...{ status: "refunded", endReason: "show_cancelled" },
    refunds: [{ amount: { amountMinor: 1_100 }, status: "paid_out" }],
  });
  expect(await intentOf("capturing")).toMatchObject({
    capturedMinor: 1_100,
    refundedMinor: 1_100,
  });
});

test("authorised between the cancellation and its look at the holds: no ticket, and the money is let go", async () => {
  const showId = await house.plantShow();
  const bookingId = await holdSeats(house.asha, showId, ["A1"]);
  const { body: payment } = await house.asha.startPayment(bookingId);
  await callOff(showId);
  await house.asha.authorise(payment);
  expect(await bookingBecomes(house.asha, bookingId, "cancelled")).toMatchObject({
    ...{ endReason: "show_cancelled", tickets: [] },
  });
  await eventually(async () => (await intentsOf(bookingId))[0]?.status === "canceled", 30_000);
});

test("nobody begins to pay for a cancelled show, before its holds are ended and after", async () => {
  const showId = await house.plantShow();
  const bookingId = await holdSeats(house.asha, showId, ["A1"]);
  await callOff(showId);
  const refused = await house.asha.startPayment(bookingId);
  expect([refused.status, refused.body.code]).toEqual([409, "SHOW_CANCELLED"]);
  expect(await intentsOf(bookingId)).toEqual([]);
  const ended = await house.asha.startPayment(shows.held.bookingId);
  expect([ended.status, ended.body.code]).toEqual([409, "SHOW_CANCELLED"]);
});

test("a hold that was on its way when the show was cancelled is found by a later look", async () => {
  const { rows } = await house.db.query(
    "select status, end_reason from bookings where booking_id = $1",
    [slippedBy],
  );
  expect(rows).toEqual([{ status: "cancelled", end_reason: "show_cancelled" }]);
});
