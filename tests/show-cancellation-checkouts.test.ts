import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer, StartedPayment } from "../local/buyer.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { bookingBecomes, holdSeats, payFor, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking } from "./sell-booking.ts";
import { openDesk } from "./show-change-desk.ts";
import type { ShowChangeDesk } from "./show-change-desk.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Checkouts that are under way when their show is cancelled. Each has a show of its own; all are cancelled at once.

const seats = { held: "A1", lost: "A2", unheard: "A3", capturing: "A4" };
let system: System;
let desk: ShowChangeDesk;
let stripe: SandboxControl;
let asha: Buyer;
let slippedBy: string;
let shows: Record<keyof typeof seats, { showId: string; bookingId: string }>;
let heldPayment: StartedPayment;
const bookingOf = (stage: keyof typeof seats) => readBooking(asha, shows[stage].bookingId);
const intentsOf = async (bookingId: string) => {
  const { id } = bookingIds.decode(bookingId);
  const { intents } = await stripe.ledger();
  return intents.filter(({ metadata }) => metadata["booking"] === id);
};
const intentOf = async (stage: keyof typeof seats) => (await intentsOf(shows[stage].bookingId))[0];

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"]);
  desk = await openDesk(system.addresses.temporal, system.namespace);
  stripe = controlSandbox(system.addresses.stripe);
  asha = await signIn(system.addresses, "asha");
  const planted = Object.entries(seats).map(async ([stage, seat]) => {
    const showId = await plantPublicShow();
    return [stage, { showId, bookingId: await holdSeats(asha, showId, [seat]) }] as const;
  });
  shows = Object.fromEntries(await Promise.all(planted)) as typeof shows;

  await stripe.fault({ route: "POST /v1/payment_intents/:id/capture", kind: "delay", ms: 9_000 });
  await payFor(asha, shows.capturing.bookingId);
  await bookingBecomes(asha, shows.capturing.bookingId, "confirmed");
  await stripe.webhooks({ hold: true });
  await payFor(asha, shows.unheard.bookingId);
  heldPayment = (await asha.startPayment(shows.held.bookingId)).body;
  await asha.startPayment(shows.lost.bookingId);
  const { id } = bookingIds.decode(shows.lost.bookingId);
  await desk.temporal.getHandle(checkoutWorkflowId(id)).terminate("as if Temporal had lost it");

  const cancelled = Object.values(shows).map(async ({ showId }) => {
    const change = await desk.cancel(showId);
    await change.approve();
    await change.result();
  });
  [slippedBy] = await Promise.all([plantSlippingHold(), ...cancelled]);
  await stripe.webhooks({ hold: false });
}, 180_000);
afterAll(async () => {
  await desk.close();
  await system.close();
}, 30_000);

/** A hold that had read its show before the cancellation, and commits behind the back of the first look at all bookings. */
async function plantSlippingHold(): Promise<string> {
  const showId = await plantShow(system.database.pool);
  const client = await system.database.pool.connect();
  try {
    await client.query("begin");
    const { bookingId } = await holdBooking(client, { showId, seatIds: ["A1"] });
    const change = await desk.cancel(showIds.encode(showId));
    await change.approve();
    await eventually(async () => (await change.state()).progress !== null, 30_000);
    await client.query("commit");
    await change.result();
    return bookingId;
  } finally {
    client.release();
  }
}

async function plantPublicShow(): Promise<string> {
  return showIds.encode(await plantShow(system.database.pool));
}

/** The first thing that a cancellation does. */
async function callOff(showId: string): Promise<void> {
  await system.database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    showIds.decode(showId),
  ]);
}

test("held: the checkout gives its seats back, and its open payment can be paid no more", async () => {
  expect(await bookingOf("held")).toMatchObject({
    ...{ status: "cancelled", endReason: "show_cancelled" },
  });
  await eventually(async () => (await intentOf("held"))?.status === "canceled");
  expect((await asha.authorise(heldPayment)).status).toBe(400);
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
  const showId = await plantPublicShow();
  const bookingId = await holdSeats(asha, showId, ["A1"]);
  const { body: payment } = await asha.startPayment(bookingId);
  await callOff(showId);
  await asha.authorise(payment);
  expect(await bookingBecomes(asha, bookingId, "cancelled")).toMatchObject({
    ...{ endReason: "show_cancelled", tickets: [] },
  });
  await eventually(async () => (await intentsOf(bookingId))[0]?.status === "canceled", 30_000);
});

test("nobody begins to pay for a cancelled show, before its holds are ended and after", async () => {
  const showId = await plantPublicShow();
  const bookingId = await holdSeats(asha, showId, ["A1"]);
  await callOff(showId);
  const refused = await asha.startPayment(bookingId);
  expect([refused.status, refused.body.code]).toEqual([409, "SHOW_CANCELLED"]);
  expect(await intentsOf(bookingId)).toEqual([]);
  const ended = await asha.startPayment(shows.held.bookingId);
  expect([ended.status, ended.body.code]).toEqual([409, "SHOW_CANCELLED"]);
});

test("a hold that was on its way when the show was cancelled is found by a later look", async () => {
  const { rows } = await system.database.pool.query(
    "select status, end_reason from bookings where booking_id = $1",
    [slippedBy],
  );
  expect(rows).toEqual([{ status: "cancelled", end_reason: "show_cancelled" }]);
});
