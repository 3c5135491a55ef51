import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";

import { bookingIds, showIds } from "../domain/ids.ts";
import type { SupportRequest } from "../domain/support.ts";
import {
  checkoutQueue,
  messageNames,
  refundWorkflowId,
  workflowTypes,
} from "../workflows/contract.ts";
import { bookingBecomes, buyTickets, holdSeats, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { saveHistory } from "./save-history.ts";
import { openShop, refundable } from "./shop.ts";
import type { Shop } from "./shop.ts";

// What support may do from the Temporal UI: updates of an open checkout or refund, and workflows for what is closed.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ settings: { HOLD_SECONDS: "6", HOLD_SECONDS_MAX: "9" } });
}, 120_000);
beforeEach(() => shop.stripe.reset());
afterAll(() => shop.close(), 30_000);

const support: SupportRequest = {
  agent: "m.ortiz",
  reason: "payment_problem",
  caseNumber: "HD-1042",
};

function ask(bookingId: string, update: string, request: unknown = support): Promise<unknown> {
  return shop.checkoutOf(bookingId).executeUpdate<unknown, [unknown]>(update, { args: [request] });
}

async function trace(bookingId: string) {
  const { rows } = await shop.db.query(
    `select action, agent, reason, case_number as "caseNumber", outcome
     from support_actions where booking_id = $1 order by created_at`,
    [bookingIds.decode(bookingId).id],
  );
  return rows;
}

test("support finds a payment whose news never came, and the tickets are there; the act leaves its trace", async () => {
  const bookingId = await holdSeats(shop.asha, await shop.plantShow());
  await shop.payUnheard(shop.asha, bookingId, 0);
  expect(await ask(bookingId, messageNames.supportCheck)).toBe("paid");
  await bookingBecomes(shop.asha, bookingId, "ticketed");
  expect(await trace(bookingId)).toEqual([
    { action: "check_payments", ...support, outcome: "paid" },
  ]);
  await saveHistory(shop.checkoutOf(bookingId), "support-check");
});

test("support extends past the buyer's cap, and gives the seats back", async () => {
  const showId = await shop.plantShow();
  const bookingId = await holdSeats(shop.asha, showId);
  const minutes = { ...support, minutes: 30 };
  expect(await ask(bookingId, messageNames.supportExtend, minutes)).toBe("extended");
  expect(await ask(bookingId, messageNames.supportCancel)).toBe("cancelled");
  expect((await shop.ben.reserve({ showId, seatIds: ["A1"] })).status).toBe(201);
  expect((await trace(bookingId)).map(({ action, outcome }) => [action, outcome])).toEqual([
    ["extend_hold", "extended"],
    ["cancel", "cancelled"],
  ]);
});

test.each([
  ["nothing", null, /agent/],
  ["no reason", { ...support, reason: "because" }, /reason: one of/],
  ["an address for a name", { ...support, agent: "m.ortiz@help.example" }, /agent/],
  ["no case", { ...support, caseNumber: "" }, /caseNumber/],
])("support is told what is missing: %s", async (_, request, sentence) => {
  const bookingId = await holdSeats(shop.asha, await shop.plantShow());
  const refused = ask(bookingId, messageNames.supportCancel, request);
  await expect(refused).rejects.toMatchObject({
    cause: { message: expect.stringMatching(sentence) },
  });
  expect((await readBooking(shop.asha, bookingId)).status).toBe("held");
  expect(await trace(bookingId)).toEqual([]);
});

test("a refund that fails and fails is tried again, and support may hurry it", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow(refundable));
  await shop.stripe.fault({ route: "POST /v1/refunds", kind: "balance_refused", times: 4 });
  await shop.asha.refund(bookingId);
  const refund = await refundWorkflowOf(bookingId);
  for (let next = 2; next <= 5; next += 1) {
    await eventually(async () => (await shop.refundOf(bookingId)).attempt >= next);
    await refund.hurry();
  }
  expect(await refund.handle.result()).toMatchObject({ outcome: "succeeded" });
  await saveHistory(refund.handle, "refund-retried");
  expect((await readBooking(shop.asha, bookingId)).refunds).toMatchObject([{ status: "paid_out" }]);
  expect(await shop.moved()).toMatchObject({ capturedMinor: 2_200, refundedMinor: 2_000 });
}, 60_000);

test("a refund that the provider paid and the bank refused days later is owed again, and paid again", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow(refundable));
  await shop.asha.refund(bookingId);
  await eventually(async () => (await shop.refundOf(bookingId)).status === "succeeded");
  const [paid] = (await shop.stripe.ledger()).refunds;
  await shop.stripe.settleRefund(paid?.id ?? "", "failed");
  await eventually(async () => (await shop.refundOf(bookingId)).attempt === 2, 20_000);
  await (await refundWorkflowOf(bookingId)).hurry();
  await eventually(async () => (await shop.refundOf(bookingId)).status === "succeeded");
  expect((await shop.stripe.ledger()).refunds.map(({ status }) => status)).toEqual([
    "failed",
    "succeeded",
  ]);
  expect(await shop.moved()).toMatchObject({ refundedMinor: 2_000 });
}, 60_000);

test("support says that the money was given back in another way: the provider is asked no more", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow(refundable));
  await shop.stripe.fault({ route: "POST /v1/refunds", kind: "balance_refused", times: 1 });
  await shop.asha.refund(bookingId);
  await eventually(async () => (await shop.refundOf(bookingId)).attempt === 2);
  const { handle } = await refundWorkflowOf(bookingId);
  await handle.executeUpdate(messageNames.supportSettleRefund, { args: [support] });
  expect(await handle.result()).toMatchObject({ outcome: "settled" });
  expect((await readBooking(shop.asha, bookingId)).refunds).toMatchObject([{ status: "paid_out" }]);
  expect(await shop.moved()).toMatchObject({ refundedMinor: 0 });
});

test("support gives money back for a closed booking, whatever the organiser allows: a seat, then the rest with fees", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const part = { ...support, bookingId, seatIds: ["A1"], withFees: false };
  await start(workflowTypes.supportRefund, "case-1", part);
  await start(workflowTypes.supportRefund, "case-2", { ...support, bookingId, withFees: true });
  const booking = await bookingBecomes(shop.asha, bookingId, "refunded");
  expect(booking.refunds.map(({ amount }) => amount.amountMinor)).toEqual([1_000, 1_100]);
  await eventually(async () => (await shop.moved()).refundedMinor === 2_100);
  expect(await start(workflowTypes.supportRefund, "case-3", part)).toEqual({
    outcome: "BOOKING_CLOSED",
  });
  expect((await trace(bookingId)).map(({ outcome }) => outcome)).toEqual([
    expect.stringMatching(/^refund /),
    expect.stringMatching(/^refund /),
    "BOOKING_CLOSED",
  ]);
});

test("support has the tickets sent again: those that are still live, once for each act", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow(refundable));
  await shop.asha.refund(bookingId, ["A1"]);
  const resend = { ...support, bookingId };
  expect(await start(workflowTypes.supportResend, "resend-1", resend)).toEqual({ outcome: "sent" });
  const { rows } = await shop.db.query(
    `select payload->'ticketDetails' as tickets from outbox
     where payload->>'type' = 'TicketsResent' and payload->>'bookingId' = $1`,
    [bookingIds.decode(bookingId).id],
  );
  expect(rows).toMatchObject([{ tickets: [{ seatId: "A2" }] }]);
});

test.each([
  ["no agent", "supportRefund", { agent: undefined }, /agent/],
  ["a booking id cut short", "supportRefund", { bookingId: "bk_nothing" }, /bookingId: .*bk_…/],
  ["no booking id", "supportResend", { bookingId: undefined }, /bookingId: .*bk_…/],
  ["a seat that is no list", "supportRefund", { seatIds: "A1" }, /seatIds/],
  ["an empty list", "supportRefund", { seatIds: [] }, /seatIds/],
  ["no word about the fees", "supportRefund", { withFees: undefined }, /withFees/],
] as const)(
  "a workflow that support starts with a mistake ends at once and says which: %s",
  async (mistake, type, change, sentence) => {
    const showId = await shop.plantShow();
    const id = bookingIds.encode({ id: randomUUID(), showId: showIds.decode(showId) });
    const input = { ...support, bookingId: id, withFees: true, ...change };
    const wrong = start(workflowTypes[type], mistake, input);
    await expect(wrong).rejects.toMatchObject({
      cause: { type: "Rejected", message: expect.stringMatching(sentence) },
    });
  },
);

test("a workflow id that names too much is refused, and nothing has happened", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const named = (length: number) =>
    start(workflowTypes.supportResend, "x".repeat(length), { ...support, bookingId });
  expect(await named(100)).toEqual({ outcome: "sent" });
  await expect(named(200)).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/workflow id/) },
  });
  expect(await trace(bookingId)).toHaveLength(1);
});

test("a case may have a long name: its refund is made all the same", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const input = { ...support, bookingId, withFees: true };
  const started = await start(workflowTypes.supportRefund, "y".repeat(100), input);
  expect(started).toEqual({ outcome: expect.stringMatching(/^refund /) });
  expect(await bookingBecomes(shop.asha, bookingId, "refunded")).toMatchObject({
    refunds: [{ amount: { amountMinor: 2_200 } }],
  });
});

test("a case that is worked on again under its old workflow id leaves a trace of its own", async () => {
  const bookingId = await buyTickets(shop.asha, await shop.plantShow());
  const resend = { ...support, bookingId };
  await start(workflowTypes.supportResend, "case-again", resend);
  await start(workflowTypes.supportResend, "case-again", { ...resend, agent: "k.osei" });
  const part = { ...resend, seatIds: ["A1"], withFees: false };
  await start(workflowTypes.supportRefund, "refund-again", part);
  await start(workflowTypes.supportRefund, "refund-again", { ...part, seatIds: ["A2"] });
  expect((await trace(bookingId)).map(({ agent, outcome }) => [agent, outcome])).toEqual([
    ["m.ortiz", "sent"],
    ["k.osei", "sent"],
    ["m.ortiz", expect.stringMatching(/^refund /)],
    ["m.ortiz", expect.stringMatching(/^refund /)],
  ]);
  const { refunds } = await bookingBecomes(shop.asha, bookingId, "refunded");
  expect(refunds.map(({ amount }) => amount.amountMinor)).toEqual([1_000, 1_000]);
});

/** As by the form of the Temporal UI. */
function start(type: string, workflowId: string, input: unknown): Promise<unknown> {
  return shop.temporal.execute(type, { workflowId, taskQueue: checkoutQueue, args: [input] });
}

async function refundWorkflowOf(bookingId: string) {
  const { refundId } = await shop.refundOf(bookingId);
  const handle = shop.temporal.getHandle(refundWorkflowId(refundId));
  const hurry = () =>
    handle.executeUpdate<unknown, [SupportRequest]>(messageNames.supportRetryRefund, {
      args: [support],
    });
  return { handle, hurry };
}
