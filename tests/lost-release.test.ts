import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { releaseBooking } from "../adapters/postgres/holds.ts";
import { bookingIds } from "../domain/ids.ts";
import { holdSeats } from "./buy-tickets.ts";
import { saveHistory } from "./save-history.ts";
import { openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

// A workflow task that takes too long is done again, and a request that came with it is lost; what its statements have committed
// is not.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ settings: { HOLD_SECONDS: "5" } });
}, 120_000);
afterAll(() => shop.close(), 30_000);

test("a buyer gives seats back, and the task is lost after it has released them: the payment that was begun is closed", async () => {
  const { asha, db, stripe } = shop;
  const bookingId = await holdSeats(asha, await shop.plantShow());
  await asha.startPayment(bookingId);
  const { id, showId } = bookingIds.decode(bookingId);
  await releaseBooking(db, {
    ...{ showId, bookingId: id, status: "cancelled", reason: "buyer" },
    ...{ paymentsSettled: true, confirmedToo: false },
  });

  await shop.checkoutOf(bookingId).result();
  const { rows } = await db.query<{ status: string }>(
    "select status from payments where booking_id = $1",
    [id],
  );
  expect(rows).toEqual([{ status: "voided" }]);
  const { intents } = await stripe.ledger();
  expect(intents.map(({ status }) => status)).toEqual(["canceled"]);
});

test("Temporal cancels a checkout whose payment was begun: the seats go back, and the payment is closed", async () => {
  const { asha, db } = shop;
  const bookingId = await holdSeats(asha, await shop.plantShow());
  const { body: payment } = await asha.startPayment(bookingId);
  await shop.checkoutOf(bookingId).cancel();

  expect(await shop.checkoutOf(bookingId).result()).toMatchObject({ outcome: "cancelled" });
  const { rows } = await db.query<{ status: string }>(
    "select status from payments where booking_id = $1",
    [bookingIds.decode(bookingId).id],
  );
  expect(rows).toEqual([{ status: "voided" }]);
  expect((await asha.authorise(payment)).status).toBeGreaterThanOrEqual(400);
  await saveHistory(shop.checkoutOf(bookingId), "cancelled-with-open-payment");
});
