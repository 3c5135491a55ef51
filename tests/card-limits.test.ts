import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { bookingIds } from "../domain/ids.ts";
import { cards } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { bookingBecomes, buyTickets } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { saveHistory } from "./save-history.ts";
import { openShop, refundable } from "./shop.ts";
import type { Shop } from "./shop.ts";

// A show may limit how many of its seats one card pays for, whoever uses it: through the whole house.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ settings: { HOLD_SECONDS: "60" } });
}, 120_000);
beforeEach(() => shop.stripe.reset());
afterAll(() => shop.close(), 30_000);

const otherCard = "pm_card_mastercard";

function plantLimited(seats: number) {
  return shop.plantShow(`seats_per_card_max = ${seats}, ${refundable}`);
}

async function pay(buyer: Buyer, order: { showId: string; seatIds: string[] }, card: string) {
  const { body: held } = await buyer.reserve(order);
  const { body: payment } = await buyer.startPayment(held.bookingId);
  await buyer.authorise(payment, card);
  const { status, body } = await eventually(async () => {
    const answer = await buyer.confirm(held.bookingId);
    return answer.status !== 202 && answer;
  });
  return { bookingId: held.bookingId, answer: body.code ?? status };
}

async function intentOf(bookingId: string) {
  const { id } = bookingIds.decode(bookingId);
  const { intents } = await shop.stripe.ledger();
  return intents.find(({ metadata }) => metadata["booking"] === id);
}

test("a second person with the same card is told so, pays nothing, and their seats are free again", async () => {
  const showId = await plantLimited(2);
  expect((await pay(shop.asha, { showId, seatIds: ["A1", "A2"] }, cards.good)).answer).toBe(200);
  const { bookingId, answer } = await pay(shop.ben, { showId, seatIds: ["A3"] }, cards.good);
  expect(answer).toBe("CARD_LIMIT_REACHED");
  await shop.checkoutOf(bookingId).result();
  expect(await intentOf(bookingId)).toMatchObject({ status: "canceled", capturedMinor: 0 });
  await saveHistory(shop.checkoutOf(bookingId), "card-limit");
  // With another card.
  expect((await pay(shop.ben, { showId, seatIds: ["A3"] }, otherCard)).answer).toBe(200);
});

test("a card whose tickets were given back pays for as many again", async () => {
  const showId = await plantLimited(2);
  const { bookingId } = await pay(shop.asha, { showId, seatIds: ["A1", "A2"] }, cards.good);
  expect((await shop.asha.refund(bookingId)).status).toBe(202);
  await bookingBecomes(shop.asha, bookingId, "refunded");
  expect((await pay(shop.ben, { showId, seatIds: ["A1", "A2"] }, cards.good)).answer).toBe(200);
});

test("no fingerprint is kept, and nothing by which two shows would know one card", async () => {
  const shows = [await plantLimited(2), await plantLimited(2)];
  for (const showId of shows) {
    await pay(shop.asha, { showId, seatIds: ["A1"] }, cards.good);
  }
  const { rows } = await shop.db.query<{ bytes: number; card: string }>(
    `select length(card_digest) as bytes, encode(card_digest, 'hex') as card from payments
      order by created_at desc limit 2`,
  );
  expect(rows.map(({ bytes }) => bytes)).toEqual([32, 32]);
  expect(new Set(rows.map(({ card }) => card)).size).toBe(2);
});

test("while the provider does not say which card it was, the seats are kept, and then sold", async () => {
  const showId = await plantLimited(2);
  const { body: held } = await shop.asha.reserve({ showId, seatIds: ["A1"] });
  const { body: payment } = await shop.asha.startPayment(held.bookingId);
  await shop.stripe.fault({ route: "GET /v1/payment_intents/:id", kind: "500", times: 3 });
  await shop.asha.authorise(payment);
  const { tickets } = await bookingBecomes(shop.asha, held.bookingId, "ticketed");
  expect(tickets).toHaveLength(1);
});

test("where a show has no limit, nobody asks for a card", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const { rows } = await shop.db.query<{ card: unknown }>(
    "select card_digest as card from payments where booking_id = $1",
    [bookingIds.decode(bookingId).id],
  );
  expect(rows).toEqual([{ card: null }]);
  await eventually(async () => (await intentOf(bookingId))?.status === "succeeded");
});
