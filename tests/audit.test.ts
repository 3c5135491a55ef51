import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client, Connection } from "@temporalio/client";

import { refundTickets } from "../adapters/postgres/refunds.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import type { StripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { scheduleWorkflow } from "../adapters/temporal/schedule-workflow.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { checkPayments } from "../local/audit/check-payments.ts";
import { checkRows } from "../local/audit/check-rows.ts";
import { checkWorkflows } from "../local/audit/check-workflows.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import {
  auditFindingWorkflowId,
  checkoutQueue,
  firstAudit,
  messageNames,
  workflowTypes,
} from "../workflows/contract.ts";
import { bookingIdKey, showIdKey } from "../workflows/search-attributes.ts";
import { bugs } from "./audit-bugs.ts";
import type { Bug } from "./audit-bugs.ts";
import { eventually } from "./eventually.ts";
import { plantBug } from "./plant-bug.ts";
import { plantShow } from "./plant-show.ts";
import { sellBooking } from "./sell-booking.ts";
import { saveHistory } from "./save-history.ts";
import { newPayment } from "./stripe-shop.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// The auditor beside a running house: what its rows, its workflows and its provider say of each other.

const secretKey = localKeys.STRIPE_SECRET_KEY;
let system: System;
let connection: Connection;
let temporal: Client;
let provider: StripeProvider;
let stripe: SandboxControl;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "paypal", "identity"], {
    HOLD_SECONDS: "8",
    HOLD_SECONDS_MAX: "600",
    AUDIT_EVERY_SECONDS: "86400",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new Client({ connection, namespace: system.namespace });
  stripe = controlSandbox(system.addresses.stripe);
  provider = createStripeProvider({ apiUrl: system.addresses.stripe, secretKey });
  asha = await signIn(system.addresses, "asha");
}, 120_000);
afterAll(async () => {
  await temporal.schedule.getHandle("audit").delete();
  await connection.close();
  await system.close();
}, 30_000);

async function plantPublicShow(): Promise<string> {
  const id = await plantShow(system.database.pool);
  await system.database.pool.query(
    "update shows set refundable_until = now() + interval '1 hour' where show_id = $1",
    [id],
  );
  return showIds.encode(id);
}

/** What all three parts find about a show, so many minutes later. */
async function look(publicShowId: string, minutesLater = 0) {
  const asked = {
    db: system.database.pool,
    showId: showIds.decode(publicShowId),
    nowMs: Date.now() + minutesLater * 60_000,
  };
  const parts = await Promise.all([
    checkRows(asked.db, { ...asked, outbox: "kept" }),
    checkWorkflows({ ...asked, temporal }),
    checkPayments({ ...asked, provider }),
  ]);
  const found = parts.flatMap(({ violations }) => violations);
  return found.map(({ promise, holds }) => `${promise} ${holds}`);
}

/** The first request of a cold house may have to ask again. */
async function hold(showId: string, seatIds = ["A1", "A2"]): Promise<string> {
  const key = randomUUID();
  return eventually(async () => {
    const { status, body } = await asha.reserve({ showId, seatIds }, key);
    return status === 201 && body.bookingId;
  });
}

async function buy(showId: string, seatIds?: string[]): Promise<string> {
  const bookingId = await hold(showId, seatIds);
  await asha.authorise((await asha.startPayment(bookingId)).body);
  await becomes(bookingId, "ticketed");
  return bookingId;
}

async function becomes(bookingId: string, status: string): Promise<void> {
  await eventually(
    async () =>
      (await asha.get<{ status: string }>(`/v1/bookings/${bookingId}`)).body.status === status,
    30_000,
  );
}

async function paymentOf(bookingId: string) {
  const { rows } = await system.database.pool.query<{ payment: string; intent: string }>(
    `select payment_id as payment, provider_payment_id as intent from payments where booking_id = $1`,
    [bookingIds.decode(bookingId).id],
  );
  return rows[0] ?? { payment: "", intent: "" };
}

/** As Stripe's dashboard does it, or a program that has lost its mind. */
async function refundAtStripe(
  intent: string,
  amount: number,
  metadata: Record<string, string> = {},
): Promise<void> {
  const body = new URLSearchParams({ payment_intent: intent, amount: String(amount) });
  for (const [key, value] of Object.entries(metadata)) body.set(`metadata[${key}]`, value);
  const response = await fetch(`${system.addresses.stripe}/v1/refunds`, {
    method: "POST",
    headers: { authorization: `Bearer ${secretKey}` },
    body,
  });
  if (!response.ok) throw new Error(await response.text());
}

function bugNamed(wanted: string): Bug {
  const bug = bugs.find(({ name }) => name === wanted);
  if (bug === undefined) throw new Error(`The table has no "${wanted}"`);
  return bug;
}

async function runCommand(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ["local/audit.ts", ...args], {
    env: {
      ...process.env,
      ...localKeys,
      DATABASE_URL: system.database.url,
      TEMPORAL_NAMESPACE: system.namespace,
      STRIPE_API_URL: system.addresses.stripe,
      PAYPAL_API_URL: system.addresses.paypal,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  const [code] = (await once(child, "close")) as [number];
  return { code, output };
}

test("a house at work breaks no promise: sold, held, being paid, given back, cancelled", async () => {
  const showId = await plantPublicShow();
  const sold = await buy(showId);
  const held = await hold(showId, ["A3"]);
  await asha.extend(held);
  await asha.startPayment(held);
  await asha.cancel(await hold(showId, ["A4"]));
  await asha.refund(sold, ["A2"]);
  await eventually(async () => (await stripe.ledger()).refunds.length === 1);

  expect(await look(showId)).toEqual([]);
  const { code, output } = await runCommand();
  expect(output).toMatch(/^✓ I1 {2}no seat has two live tickets$/m);
  expect(output).toMatch(/^PostgreSQL: 1 shows, 10 seats, 3 bookings, 2 payments, 1 refunds/m);
  expect(output).toMatch(/^Temporal: \d+ workflows at work for 1 open bookings/m);
  expect(output).toMatch(/^stripe: 2 payments and 1 refunds in its books/m);
  expect(output).toMatch(/^paypal: 0 payments and 0 refunds in its books/m);
  expect(output).toMatch(/\nEvery promise holds\.\n$/);
  expect(output).not.toMatch(/[✗!]/);
  expect(code).toBe(0);
}, 60_000);

test("a checkout is ended by force while its seats are held: I13, and the command tells the story", async () => {
  const showId = await plantPublicShow();
  const bookingId = await hold(showId);
  await asha.extend(bookingId);
  expect(await look(showId)).toEqual([]);
  const { id } = bookingIds.decode(bookingId);
  await temporal.workflow.getHandle(checkoutWorkflowId(id)).terminate("planted");
  expect(
    await eventually(async () => {
      const found = await look(showId);
      return found.length === 2 && found;
    }),
  ).toEqual([
    "I13 each open booking has a workflow at work",
    "I13 no workflow has failed, or was ended by force, and has left something undone",
  ]);
  const { code, output } = await runCommand("--show", showId);
  expect(output).toMatch(/^✗ I13 each open booking has a workflow at work {2}\(1\)$/m);
  expect(output).toMatch(new RegExp(`^booking ${bookingId} `, "m"));
  expect(output).toMatch(/^ {4}[-\d]+ [:.\d]+Z {2}held for buyer .*: A1 A2 for 2200 GBP/m);
  expect(code).toBe(1);
}, 60_000);

test("a refund is opened and nobody drives it: I13", async () => {
  const showId = await plantPublicShow();
  const { id: bookingId } = bookingIds.decode(await buy(showId));
  expect(await look(showId, 16)).toEqual([]);
  const cause = "buyer:planted";
  const booking = { showId: showIds.decode(showId), bookingId };
  await refundTickets(system.database.pool, { ...booking, cause, withFees: true });
  expect(await look(showId)).toEqual([]);
  expect(await look(showId, 16)).toEqual(["I13 each refund under way has a workflow at work"]);
}, 60_000);

test("a checkout goes on although its booking is sold: I13", async () => {
  const showId = await plantPublicShow();
  const bookingId = await buy(showId);
  await temporal.workflow.start(workflowTypes.checkout, {
    workflowId: `planted-${bookingId}`,
    taskQueue: "nobody-listens",
    args: [],
    typedSearchAttributes: [
      { key: bookingIdKey, value: bookingId },
      { key: showIdKey, value: showId },
    ],
  });
  expect(await look(showId)).toEqual([]);
  const found = await eventually(async () => {
    const later = await look(showId, 16);
    return later.length > 0 && later;
  });
  expect(found).toEqual(["I13 each workflow at work has something left to do"]);
}, 60_000);

test("a refund is sent twice: I5", async () => {
  const showId = await plantPublicShow();
  const bookingId = await buy(showId);
  await asha.refund(bookingId, ["A1"]);
  const { payment, intent } = await paymentOf(bookingId);
  const ours = await eventually(async () =>
    (await stripe.ledger()).refunds.find(({ intentId }) => intentId === intent),
  );
  expect(await look(showId)).toEqual([]);
  expect(ours.metadata).toMatchObject({ payment });
  await refundAtStripe(intent, 1_000, { ...ours.metadata, attempt: "2" });
  expect(await look(showId)).toEqual(["I5 a provider has given each refund once"]);
}, 60_000);

test("money goes back by hand, and no row knows: I6", async () => {
  const showId = await plantPublicShow();
  const { intent } = await paymentOf(await buy(showId));
  expect(await look(showId)).toEqual([]);
  await refundAtStripe(intent, 500);
  expect(await look(showId)).toEqual([
    "I6 what has gone back here has gone back at the provider, as much of it",
  ]);
}, 60_000);

test("tickets are issued, and nothing was ever captured: I6", async () => {
  const showId = await plantPublicShow();
  await sellBooking(system.database.pool, { showId: showIds.decode(showId), seatIds: ["A1"] });
  expect(await look(showId, 16)).toEqual([
    "I6 money that is captured here is captured at the provider, as much of it",
  ]);
}, 60_000);

test("money that no row knows lies with the provider: I2", async () => {
  const showId = await plantPublicShow();
  expect(await look(showId)).toEqual([]);
  const stranger = { ...newPayment(), showId: showIds.decode(showId) };
  const { clientSecret } = await provider.start(stranger);
  await stripe.pay(clientSecret);
  expect(await look(showId)).toEqual(["I2 a provider has no money of ours that no row knows"]);
}, 60_000);

test("the schedule finds what is broken, and support sees it until it is mended", async () => {
  const bug = bugNamed("tickets whose money goes back stay live");
  const heal = await plantBug(system.database.pool, bug);
  await bug.scenario(system.database.pool);
  await heal();
  const { rows } = await system.database.pool.query<{ id: string; show: string }>(
    `select booking_id as id, show_id as show from bookings where booking_id in (
       select booking_id from refund_seats) and status = 'ticketed' order by created_at desc limit 1`,
  );
  const { id = "", show: showId = "" } = rows[0] ?? {};
  await temporal.schedule.getHandle("audit").trigger();

  const publicId = bookingIds.encode({ id, showId });
  const inList = `BookingStatus = "promise_broken" and BookingId = "${publicId}" and ExecutionStatus = "Running"`;
  await eventually(async () => (await temporal.workflow.count(inList)).count === 1, 30_000);
  const finding = temporal.workflow.getHandle(auditFindingWorkflowId({ showId, bookingId: id }));
  expect(await finding.executeUpdate(messageNames.supportLookAgain)).toBe("broken");
  const story = await finding.query<{ currentDetails: string }>("__temporal_workflow_metadata");
  expect(story.currentDetails).toMatch(
    /I1: the ticket for seat A1 is live, but the seat is available/,
  );

  await system.database.pool.query("update tickets set status = 'void' where booking_id = $1", [
    id,
  ]);
  await system.database.pool.query(
    "update bookings set status = 'refunded' where booking_id = $1",
    [id],
  );
  expect(await finding.executeUpdate(messageNames.supportLookAgain)).toBe("mended");
  expect(await finding.result()).toEqual({ outcome: "mended" });
  await saveHistory(finding, "audit-finding");
  const [audit] = (await temporal.schedule.getHandle("audit").describe()).info.recentActions;
  const run = audit?.action;
  if (run?.type !== "startWorkflow") throw new Error("The audit has not been started");
  await saveHistory(temporal.workflow.getHandle(run.workflow.workflowId), "audit-rows");
}, 60_000);

test("a schedule is made once, changed by whoever comes with another pace, and taken away", async () => {
  const wanted = {
    scheduleId: "planted",
    workflowType: workflowTypes.auditRows,
    taskQueue: checkoutQueue,
    input: firstAudit,
  };
  const handle = temporal.schedule.getHandle("planted");
  for (const everySeconds of [86_400, 43_200]) {
    await scheduleWorkflow(temporal, { ...wanted, everySeconds });
    const { spec, action } = await handle.describe();
    expect(spec.intervals).toMatchObject([{ every: everySeconds * 1_000 }]);
    expect(action).toMatchObject({ workflowType: "auditRows", args: [firstAudit] });
  }
  await scheduleWorkflow(temporal, { ...wanted, everySeconds: 0 });
  await scheduleWorkflow(temporal, { ...wanted, everySeconds: 0 });
  await expect(handle.describe()).rejects.toThrow(/not found/i);
});

test("seats are released before the provider was asked, and the money is there: I2 and I13", async () => {
  const bug = bugNamed("seats are released before the provider was asked; the money was there");
  const showId = await plantPublicShow();
  const bookingId = await hold(showId);
  const { body: payment } = await asha.startPayment(bookingId);
  // Nobody may hear of it in another way: Stripe is asked for its news every minute.
  await system.kill("payments");
  await stripe.webhooks({ drop: 1_000 });
  await asha.authorise(payment);
  expect(await look(showId)).toEqual([]);
  const heal = await plantBug(system.database.pool, bug);
  await becomes(bookingId, "expired");
  await heal();
  expect(await look(showId)).toEqual([]);
  expect(await look(showId, 16)).toEqual([
    "I13 no payment of an ended booking can still be paid",
    "I2 money that a provider has set aside or taken is known here",
  ]);
}, 60_000);
