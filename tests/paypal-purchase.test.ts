import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox } from "../local/paypal-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/paypal-sandbox/control-sandbox.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let paypal: SandboxControl;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "paypal", "identity"], {
    HOLD_SECONDS: "6",
  });
  paypal = controlSandbox(system.addresses.paypal);
  asha = await signIn(system.addresses, "asha");
}, 120_000);
afterAll(() => system.close(), 30_000);
afterEach(() => paypal.reset());

async function reserve(seatIds = ["A1", "A2"]): Promise<string> {
  const showId = showIds.encode(await plantShow(system.database.pool, { seats: 10 }));
  const { status, body } = await asha.reserve({ showId, seatIds });
  expect(status).toBe(201);
  return body.bookingId;
}

async function expectEnd(bookingId: string, status: string): Promise<void> {
  await eventually(async () => {
    const { body } = await asha.get<{ status: string }>(`/v1/bookings/${bookingId}`);
    return body.status === status;
  }, 20_000);
}

/** What the buyer does on PayPal's page; resolves with where the page leads to. */
async function choose(approvalUrl: string, choice: string): Promise<URL> {
  const page = await fetch(approvalUrl);
  expect(await page.text()).toContain("22.00 GBP");
  const body = new URLSearchParams({ choice });
  const answer = await fetch(approvalUrl, { method: "POST", body, redirect: "manual" });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get("location") ?? "");
}

test("a buyer approves on PayPal's page and has tickets; the money is taken once and can be given back by its own id", async () => {
  const bookingId = await reserve();
  const started = await asha.startApproval(bookingId);
  expect([started.status, started.body]).toMatchObject([201, { status: "open" }]);
  const back = await choose(started.body.approvalUrl, "balance");
  expect(back.searchParams.get("booking")).toBe(bookingId);
  // The page says nothing that it cannot know: whoever opens its address has paid nothing by that.
  const page = await fetch(back);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
  expect(await page.text()).toContain("We are asking PayPal about your payment.");

  // Nobody asks: the webhook alone carries it to its end.
  await expectEnd(bookingId, "ticketed");
  const { body } = await asha.confirm(bookingId);
  expect(body.tickets.map(({ seatId }) => seatId)).toEqual(["A1", "A2"]);
  const { totals, orders, captures } = await paypal.ledger();
  expect(totals["GBP"]).toEqual({ authorised: "0.00", captured: "22.00", refunded: "0.00" });
  const { rows } = await system.database.pool.query(
    "select provider_payment_id as id, status from payments where provider = 'paypal'",
  );
  expect(rows).toEqual([{ id: `${orders[0]?.id}:${captures[0]?.id}`, status: "captured" }]);
});

test("events that never come: a buyer who comes back to the shop has tickets all the same", async () => {
  await paypal.webhooks({ drop: 1_000 });
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await choose(body.approvalUrl, "balance");
  expect((await asha.confirm(bookingId)).status).toBe(200);
});

test("events that never come, and a buyer who does not come back: the end of the hold asks PayPal", async () => {
  await paypal.webhooks({ drop: 1_000 });
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await choose(body.approvalUrl, "balance");
  await expectEnd(bookingId, "ticketed");
});

test("events that come three times and backwards sell once", async () => {
  await paypal.webhooks({ hold: true, duplicate: 2, reorder: true });
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await choose(body.approvalUrl, "balance");
  expect((await asha.confirm(bookingId)).status).toBe(200);
  const before = (await paypal.ledger()).webhooks.delivered;
  await paypal.webhooks({ hold: false });
  // Approved, authorised, captured.
  await eventually(async () => (await paypal.ledger()).webhooks.delivered === before + 9);
  const { totals, captures } = await paypal.ledger();
  expect(captures).toHaveLength(1);
  expect(totals["GBP"]).toEqual({ authorised: "0.00", captured: "22.00", refunded: "0.00" });
});

test("a PayPal that does not answer to an approval tells us again, and the buyer has tickets", async () => {
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  const failedBefore = (await paypal.ledger()).webhooks.failed;
  await paypal.fault({ route: "GET /v2/checkout/orders/:id", kind: "500", times: 2 });
  await choose(body.approvalUrl, "balance");
  await expectEnd(bookingId, "ticketed");
  expect((await paypal.ledger()).webhooks.failed).toBe(failedBefore + 2);
});

test("a buyer who leaves PayPal's page comes back to one that says what to do, and can still pay", async () => {
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  const back = await choose(body.approvalUrl, "cancel");
  const page = await fetch(back);
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.stringContaining("You have left PayPal"),
  ]);
  expect((await asha.confirm(bookingId)).status).toBe(202);
  await choose(body.approvalUrl, "balance");
  await expectEnd(bookingId, "ticketed");
});

test("a declined card leaves the way open for another on the same order", async () => {
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await choose(body.approvalUrl, "declined_card");
  expect((await asha.confirm(bookingId)).status).toBe(202);
  await choose(body.approvalUrl, "balance");
  await expectEnd(bookingId, "ticketed");
});

test("a buyer who approves after the hold has ended pays nothing", async () => {
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await expectEnd(bookingId, "expired");
  await choose(body.approvalUrl, "balance");
  await eventually(async () => {
    const { events } = await paypal.ledger();
    return events.some(({ type, delivered }) => type === "CHECKOUT.ORDER.APPROVED" && delivered);
  });
  expect((await paypal.ledger()).authorizations).toHaveLength(0);
});

test("a payment that PayPal takes days to decide on ends with the money back where it was, not with tickets", async () => {
  const bookingId = await reserve();
  const { body } = await asha.startApproval(bookingId);
  await choose(body.approvalUrl, "echeck");
  const capture = await eventually(async () => (await paypal.ledger()).captures[0]);
  await paypal.settleCapture(capture.id, "bad");
  await expectEnd(bookingId, "cancelled");
  expect((await paypal.ledger()).totals["GBP"]).toEqual({
    authorised: "0.00",
    captured: "0.00",
    refunded: "0.00",
  });
});
