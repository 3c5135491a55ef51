import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { bookingIds, showIds } from "../domain/ids.ts";
import { latePaymentWorkflowId } from "../workflows/contract.ts";
import { bookingBecomes, buyTickets, holdSeats, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { saveHistory } from "./save-history.ts";
import { openShop, refundable } from "./shop.ts";
import type { Shop } from "./shop.ts";

// What buyers and providers may do to a booking, through the whole house.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ settings: { HOLD_SECONDS: "6", HOLD_SECONDS_MAX: "9" } });
}, 120_000);
beforeEach(() => shop.stripe.reset());
afterAll(() => shop.close(), 30_000);

// The buyer

test("a hold that is given back is on sale when the answer comes; its open payment can be paid no more", async () => {
  const showId = await shop.plantShow();
  const bookingId = await holdSeats(shop.asha, showId);
  const { body: payment } = await shop.asha.startPayment(bookingId);
  expect((await shop.asha.cancel(bookingId)).status).toBe(204);
  expect((await shop.asha.cancel(bookingId)).status).toBe(204);
  expect((await shop.ben.reserve({ showId, seatIds: ["A1", "A2"] })).status).toBe(201);
  await shop.checkoutOf(bookingId).result();
  expect((await shop.asha.authorise(payment)).status).toBe(400);
  await saveHistory(shop.checkoutOf(bookingId), "cancelled-by-buyer");
});

test("a hold that is given back while its payment is on the way: the payment is voided", async () => {
  const bookingId = await holdSeats(shop.asha, await shop.plantShow());
  await shop.payUnheard(shop.asha, bookingId, 0);
  expect((await shop.asha.cancel(bookingId)).status).toBe(204);
  await eventually(async () => (await shop.stripe.ledger()).intents[0]?.status === "canceled");
  expect(await shop.moved()).toEqual({ authorisedMinor: 0, capturedMinor: 0, refundedMinor: 0 });
});

test("a paid booking is not cancelled, nobody else's is seen, and nothing changes", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const paid = await shop.asha.cancel(bookingId);
  expect([paid.status, paid.body.code]).toEqual([409, "BOOKING_CLOSED"]);
  expect((await shop.ben.cancel(bookingId)).status).toBe(404);
  expect((await shop.ben.extend(bookingId)).status).toBe(404);
  expect((await shop.ben.refund(bookingId)).status).toBe(404);
  expect((await readBooking(shop.asha, bookingId)).status).toBe("ticketed");
});

test("more time twice, and within the cap; the same request counts once", async () => {
  const showId = await shop.plantShow();
  const { body: reserved } = await shop.asha.reserve({ showId, seatIds: ["A1"] });
  const first = await shop.asha.extend(reserved.bookingId, "more-time-1");
  expect(first.status).toBe(200);
  expect(await shop.asha.extend(reserved.bookingId, "more-time-1")).toMatchObject({
    body: first.body,
  });
  expect(Date.parse(first.body.expiryTime)).toBeGreaterThan(Date.parse(reserved.expiryTime));
  expect(Date.parse(first.body.expiryTime)).toBeLessThanOrEqual(
    Date.parse(reserved.expiryTime) + 3_000,
  );
  expect((await shop.asha.extend(reserved.bookingId)).status).toBe(200);
  const third = await shop.asha.extend(reserved.bookingId);
  expect([third.status, third.body.code]).toEqual([409, "HOLD_EXTENSIONS_EXHAUSTED"]);
  await bookingBecomes(shop.asha, reserved.bookingId, "expired");
  expect((await shop.asha.extend(reserved.bookingId)).body.code).toBe("HOLD_EXPIRED");
  await saveHistory(shop.checkoutOf(reserved.bookingId), "extended-twice");
});

test("what costs nothing is paid by asking for it: no provider, no money, tickets; each key gives some back once", async () => {
  const showId = await shop.plantShow(refundable);
  await shop.db.query("update show_prices set amount_minor = 0, fee_minor = 0 where show_id = $1", [
    showIds.decode(showId),
  ]);
  const bookingId = await holdSeats(shop.asha, showId);
  const payment = await shop.asha.startPayment(bookingId);
  expect(payment.body).toMatchObject({ provider: "free", status: "captured" });
  await bookingBecomes(shop.asha, bookingId, "ticketed");
  expect((await shop.stripe.ledger()).intents).toEqual([]);
  for (const seatIds of [["A2"], ["A1"]]) {
    const key = `give-back-${seatIds.join("-")}`;
    const given = await shop.asha.refund(bookingId, seatIds, key);
    expect([given.status, given.body.seatIds]).toEqual([202, seatIds]);
    const again = await shop.asha.refund(bookingId, seatIds, key);
    expect([again.status, again.body]).toEqual([202, given.body]);
  }
  expect((await shop.asha.refund(bookingId)).body.code).toBe("BOOKING_CLOSED");
});

test("tickets given back: some, then the rest; fees are kept, and the provider's books agree", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow(refundable), [
    "A1",
    "A2",
    "A3",
  ]);
  const part = await shop.asha.refund(bookingId, ["A2"], "give-back-1");
  expect([part.status, part.body.amount]).toEqual([202, { amountMinor: 1_000, currency: "GBP" }]);
  expect((await shop.asha.refund(bookingId, ["A2"], "give-back-1")).body).toEqual(part.body);
  expect((await shop.asha.refund(bookingId, ["A2"])).body.code).toBe("TICKET_NOT_LIVE");
  await shop.asha.refund(bookingId);
  const booking = await eventually(async () => {
    const now = await readBooking(shop.asha, bookingId);
    return now.refunds.every(({ status }) => status === "paid_out") && now;
  }, 20_000);
  expect(booking.status).toBe("refunded");
  expect(booking.refunds.map(({ amount }) => amount.amountMinor)).toEqual([1_000, 2_000]);
  expect(await shop.moved()).toMatchObject({ capturedMinor: 3_300, refundedMinor: 3_000 });
});

test("a refund asked for again under its key is answered as the first time, also when the time to give back is over", async () => {
  const showId = await shop.plantShow(refundable);
  const bookingId = await buyTickets(shop.asha, showId, ["A1", "A2"]);
  const first = await shop.asha.refund(bookingId, ["A2"], "give-back-in-time");
  await shop.db.query(
    "update shows set refundable_until = now() - interval '1 second' where show_id = $1",
    [showIds.decode(showId)],
  );
  const again = await shop.asha.refund(bookingId, ["A2"], "give-back-in-time");
  expect([again.status, again.body]).toEqual([202, first.body]);
  expect((await shop.asha.refund(bookingId)).body.code).toBe("REFUND_NOT_ALLOWED");
});

test("tickets that the organiser does not take back", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const refused = await shop.asha.refund(bookingId);
  expect([refused.status, refused.body.code]).toEqual([409, "REFUND_NOT_ALLOWED"]);
  expect((await readBooking(shop.asha, bookingId)).tickets.map(({ status }) => status)).toEqual([
    "live",
    "live",
  ]);
});

// Late money

test("nobody can say whether it is paid: the seats are kept up to the cap, then go back; the money buys them all the same", async () => {
  const bookingId = await holdSeats(shop.asha, await shop.plantShow());
  await shop.payUnheard(shop.asha, bookingId, 4);
  await bookingBecomes(shop.asha, bookingId, "expired");
  const booking = await bookingBecomes(shop.asha, bookingId, "ticketed");
  expect(booking.tickets).toHaveLength(2);
  expect(await shop.moved()).toMatchObject({ capturedMinor: 2_200, refundedMinor: 0 });
  await saveHistory(shop.checkoutOf(bookingId), "payment-unknown");
  const late = shop.temporal.getHandle(latePaymentWorkflowId(await shop.paymentIdOf(bookingId)));
  await saveHistory(late, "late-payment-ticketed");
}, 60_000);

test("another sum than was quoted: no ticket, the seats and the money go back", async () => {
  const showId = await shop.plantShow();
  const bookingId = await holdSeats(shop.asha, showId);
  const { body: payment } = await shop.asha.startPayment(bookingId);
  await shop.db.query("update bookings set total_minor = total_minor + 1 where booking_id = $1", [
    bookingIds.decode(bookingId).id,
  ]);
  await shop.asha.authorise(payment);
  expect(await bookingBecomes(shop.asha, bookingId, "cancelled")).toMatchObject({
    endReason: "amount_mismatch",
    tickets: [],
  });
  await eventually(async () => (await shop.stripe.ledger()).intents[0]?.status === "canceled");
  expect((await shop.ben.reserve({ showId, seatIds: ["A1", "A2"] })).status).toBe(201);
  await saveHistory(shop.checkoutOf(bookingId), "amount-mismatch");
});

test("late money whose seats are gone is voided, or buys equal ones where the organiser allows it", async () => {
  const shows = [await shop.plantShow(), await shop.plantShow("late_swap_allowed = true")];
  const late = await Promise.all(shows.map((showId) => holdSeats(shop.asha, showId)));
  for (const bookingId of late) await shop.payUnheard(shop.asha, bookingId, 0);
  await shop.system.kill("stripe");
  for (const bookingId of late) await bookingBecomes(shop.asha, bookingId, "expired");
  await shop.db.query(
    "update show_seats set status = 'blocked' where seat_id = 'A2' and show_id = any($1)",
    [shows.map(showIds.decode)],
  );
  await shop.system.start("stripe");

  const [gone = "", swapped = ""] = late;
  const booking = await bookingBecomes(shop.asha, swapped, "ticketed");
  expect(booking.tickets.map(({ seatId }) => seatId)).toEqual(["A3", "A4"]);
  const lateWorkflow = shop.temporal.getHandle(latePaymentWorkflowId(await shop.paymentIdOf(gone)));
  expect(await eventually(() => lateWorkflow.result(), 30_000)).toEqual({ outcome: "voided" });
  await saveHistory(lateWorkflow, "late-payment-voided");
  expect((await readBooking(shop.asha, gone)).status).toBe("expired");
  expect(await shop.moved()).toEqual({
    authorisedMinor: 0,
    capturedMinor: 2_200,
    refundedMinor: 0,
  });
}, 60_000);
