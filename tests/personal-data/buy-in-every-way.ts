import { Connection, WorkflowClient } from "@temporalio/client";

import { bookingIds, checkoutWorkflowId, paymentIds } from "../../domain/ids.ts";
import { cards } from "../../local/buyer.ts";
import type { Buyer, StartedPayment } from "../../local/buyer.ts";
import { controlSandbox } from "../../local/stripe-sandbox/control-sandbox.ts";
import type { System } from "../system.ts";
import { expectEqual, openShop } from "./shop.ts";
import type { Shop } from "./shop.ts";

/** Somebody's data, of the kinds that pass through a ticket shop. */
export type Person = { name: string; email: string; phone: string; card: string };

/** Purchases with every ending, good and bad, by two people who put their data wherever a client can put anything. */
export async function buyInEveryWay(system: System, asha: Person, ben: Person): Promise<void> {
  const shop = await openShop(system);
  const [ashaBuys, benBuys] = [await introduce(shop, asha), await introduce(shop, ben)];

  const unpaid = await shop.reserve(ashaBuys, "A9");
  const late = await shop.startPayment(ashaBuys, unpaid);
  await buyAfterADeclinedCard(shop, ashaBuys, "A1", asha);
  await buyAfterADeclinedCard(shop, benBuys, "A2", ben);
  await askForTheSameAgain(shop, benBuys, "A3", ben);
  await beRefused(shop, benBuys, ben);
  await captureAtLast(shop, ashaBuys, "A5");
  await cancelBySupport(shop, await shop.reserve(ashaBuys, "A6"));
  await sendNonsense(shop, ashaBuys, asha);
  await failToSave(shop, ashaBuys, asha);
  await shop.ends(ashaBuys, unpaid, "expired");
  await payLate(shop, late, unpaid, asha);
}

/** An issuer may well call people by their address. */
async function introduce({ system, send }: Shop, { email, name }: Person): Promise<Buyer> {
  const buyer = await system.signIn(email);
  expectEqual((await send("PUT", "/v1/me", { buyer, body: { email, name } })).status, 200);
  return buyer;
}

async function buyAfterADeclinedCard(
  shop: Shop,
  buyer: Buyer,
  seatId: string,
  { email, card }: Person,
): Promise<void> {
  const bookingId = await shop.reserve(buyer, seatId, `${email}/${card.replaceAll(" ", "")}`);
  const payment = await shop.startPayment(buyer, bookingId);
  // A number that is typed where it does not belong, as a wrong form would send it.
  expectEqual((await buyer.authorise(payment, card)).status >= 400, true);
  expectEqual((await buyer.authorise(payment, cards.declined)).status, 402);
  expectEqual((await buyer.authorise(payment, cards.good)).status, 200);
  await shop.ends(buyer, bookingId, "ticketed");
}

/** The second answer comes by an update of the workflow. */
async function askForTheSameAgain(
  shop: Shop,
  buyer: Buyer,
  seatId: string,
  { phone }: Person,
): Promise<void> {
  const key = `again-${phone.replaceAll(" ", "")}`;
  expectEqual(await shop.reserve(buyer, seatId, key), await shop.reserve(buyer, seatId, key));
  const other = await buyer.reserve({ showId: shop.publicShowId, seatIds: ["A4"] }, key);
  expectEqual(other.body.code, "IDEMPOTENCY_KEY_REUSED");
}

/** By Redis, by the layout, and by the hold statement; seats that are named after people and cards. */
async function beRefused(shop: Shop, buyer: Buyer, { email, card, name }: Person): Promise<void> {
  const refusals = [
    { code: "SEAT_TAKEN", seatIds: ["A1"] },
    { code: "SEAT_UNKNOWN", seatIds: [card.replaceAll(" ", "")] },
    { code: "SEAT_UNKNOWN", seatIds: [name.toUpperCase().replaceAll(/[^A-Z]/g, "")] },
    {
      code: "PRICE_CHANGED",
      seatIds: ["A4"],
      expectedTotal: { amountMinor: 1, currency: "GBP" },
    },
  ];
  for (const [index, { code, ...order }] of refusals.entries()) {
    const answer = await shop.send("POST", "/v1/bookings/reserve", {
      buyer,
      body: { showId: shop.publicShowId, userId: email, ...order },
      headers: { "idempotency-key": `refused-${index}-${email}` },
    });
    expectEqual(answer.code, code);
  }
}

/** The provider fails, and fails again: the failures stand in the history. */
async function captureAtLast(shop: Shop, buyer: Buyer, seatId: string): Promise<void> {
  const route = "POST /v1/payment_intents/:id/capture";
  const sandbox = controlSandbox(shop.system.addresses.stripe);
  await sandbox.fault({ route, kind: "500", times: 3 });
  const bookingId = await shop.reserve(buyer, seatId);
  await buyer.authorise(await shop.startPayment(buyer, bookingId));
  await shop.ends(buyer, bookingId, "ticketed");
}

async function cancelBySupport({ system }: Shop, bookingId: string): Promise<void> {
  const connection = await Connection.connect({ address: system.addresses.temporal });
  const client = new WorkflowClient({ connection, namespace: system.namespace });
  const handle = client.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));
  await handle.cancel();
  await handle.result();
  await connection.close();
}

async function sendNonsense(shop: Shop, buyer: Buyer, person: Person): Promise<void> {
  const { send, sendWebhook, publicShowId } = shop;
  const { name, email, phone, card } = person;
  const key = { "idempotency-key": email };
  const headers = { "user-agent": name, referer: `https://shop.example/?email=${email}` };
  const order = { showId: publicShowId, seatIds: ["A7"], userId: email };
  const encoded = encodeURIComponent(`${name} ${email}`);
  const refused = [
    await send("PUT", "/v1/me", { buyer, body: { email, name, phone, card } }),
    await send("PUT", "/v1/me", { buyer, body: { email: name, name: `${name}\n` } }),
    await send("PUT", "/v1/me", { buyer, body: `{"email":"${email}","name":"${name}` }),
    await send("PUT", "/v1/me", { buyer, body: { name: `${name} ${phone}`.repeat(4_000) } }),
    await send("POST", "/v1/bookings/reserve", { buyer, body: { ...order, card }, headers: key }),
    await send("POST", "/v1/bookings/confirm", { buyer, body: { bookingId: email } }),
    await send("GET", `/v1/bookings/${encoded}`, { buyer, headers }),
    await send("GET", `/v1/tickets/${encoded}`, { headers: { "ticket-access": phone } }),
    await send("GET", `/${encoded}?card=${encodeURIComponent(card)}`, { headers }),
    await send("GET", "/v1/me", { headers: { authorization: `Bearer ${email}` } }),
    await send("GET", `/v1/search?q=${encoded}&cursor=${encoded}`, { headers }),
    await sendWebhook({ email, name }, "whsec_of_somebody_else"),
  ];
  const statuses = refused.map(({ status }) => status);
  expectEqual(statuses.filter((status) => status < 400 || status >= 500).join(), "");

  expectEqual((await send("GET", `/v1/search?q=${encoded}`, { headers })).status, 200);
  expectEqual((await send("GET", `/v1/suggest?q=${encoded}`, { headers })).status, 200);
  const customer = { id: "evt_customer", type: "customer.created", livemode: false };
  const event = { ...customer, object: "event", data: { object: { email, name, phone } } };
  expectEqual((await sendWebhook(event)).status, 200);
}

/** The database refuses the row, and says which. */
async function failToSave(shop: Shop, buyer: Buyer, { email, name }: Person): Promise<void> {
  const { pool } = shop.system.database;
  await pool.query("alter table people add constraint nobody check (false) not valid");
  expectEqual((await shop.send("PUT", "/v1/me", { buyer, body: { email, name } })).status, 500);
  await pool.query("alter table people drop constraint nobody");
}

/** Money for a booking that is over, told by a webhook with everything that a provider knows of its payer. */
async function payLate(
  shop: Shop,
  payment: StartedPayment,
  bookingId: string,
  { name, email, phone, card }: Person,
): Promise<void> {
  const ids = { booking: bookingIds.decode(bookingId).id, show: shop.showId };
  const intent = {
    ...{ id: "pi_late", object: "payment_intent", livemode: false, status: "requires_capture" },
    ...{ amount: 1_100, amount_capturable: 1_100, amount_received: 0, currency: "gbp" },
    metadata: { payment: paymentIds.decode(payment.paymentId).id, ...ids },
    ...{ receipt_email: email, description: `${name}, ${phone}`, shipping: { name, phone } },
    last_payment_error: { message: `Card ${card} of ${name} was declined` },
    charges: { data: [{ billing_details: { name, email, phone } }] },
  };
  const type = "payment_intent.amount_capturable_updated";
  const event = { id: "evt_lateMoneyOfAPayer", object: "event", type, livemode: false };
  expectEqual((await shop.sendWebhook({ ...event, data: { object: intent } })).status, 200);
}
