import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Client, Connection } from "@temporalio/client";

import { findViolations } from "../adapters/postgres/audit/find-violations.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Somebody terminates checkouts, against all advice: nothing in Temporal knows of their seats any more.

const graceSeconds = 2;
let system: System;
let connection: Connection;
let temporal: Client;
let stripe: SandboxControl;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], {
    HOLD_SECONDS: "4",
    HOLD_SECONDS_MAX: "600",
    RELEASE_GRACE_SECONDS: String(graceSeconds),
    SWEEP_EVERY_SECONDS: "1",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new Client({ connection, namespace: system.namespace });
  stripe = controlSandbox(system.addresses.stripe);
  asha = await signIn(system.addresses, "asha");
}, 120_000);
beforeEach(() => stripe.reset());
afterAll(async () => {
  await temporal.schedule.getHandle("sweep").delete();
  await connection.close();
  await system.close();
}, 30_000);

async function hold(seatIds = ["A1", "A2"]): Promise<string> {
  const showId = showIds.encode(await plantShow(system.database.pool));
  const { status, body } = await asha.reserve({ showId, seatIds });
  expect(status).toBe(201);
  return body.bookingId;
}

const checkoutOf = (bookingId: string) =>
  temporal.workflow.getHandle(checkoutWorkflowId(bookingIds.decode(bookingId).id));

async function read(bookingId: string) {
  const { body } = await asha.get<{ status: string; endReason: string | null }>(
    `/v1/bookings/${bookingId}`,
  );
  return body;
}

const becomes = (bookingId: string, status: string) =>
  eventually(async () => (await read(bookingId)).status === status, 30_000);

const swept = () => system.count("payments", "marquee_holds_swept_total");

/** What the rows say of the show's seats, of the buyer's count, of the events, and how long the hold was overdue. */
async function traceOf(bookingId: string) {
  const { rows } = await system.database.pool.query<{ overdue: number; told: string[] }>(
    `select
       (select array_agg(distinct status) from show_seats where show_id = $1) as seats,
       (select sum(seats)::integer from show_buyers where show_id = $1) as counted,
       (select array_agg(payload->>'type' order by event_id) from outbox where show_id = $1) as told,
       extract(epoch from ended_at - held_until)::float8 as overdue
     from bookings where show_id = $1 and booking_id = $2`,
    [bookingIds.decode(bookingId).showId, bookingIds.decode(bookingId).id],
  );
  return rows[0];
}

test("the seats of a terminated checkout are on sale again after the grace, though nobody asks for them", async () => {
  const before = await swept();
  const bookingId = await hold();
  await checkoutOf(bookingId).terminate();
  await becomes(bookingId, "expired");
  expect(await read(bookingId)).toMatchObject({ endReason: "hold_swept" });
  const trace = await traceOf(bookingId);
  expect(trace).toMatchObject({
    ...{ seats: ["available"], counted: 0, told: ["BookingHeld", "BookingExpired"] },
  });
  expect(trace?.overdue).toBeGreaterThanOrEqual(graceSeconds);
  await eventually(async () => (await swept()) === before + 1);
  const [run] = (await temporal.schedule.getHandle("sweep").describe()).info.recentActions;
  if (run?.action.type !== "startWorkflow") throw new Error("Nothing has been started");
  await saveHistory(temporal.workflow.getHandle(run.action.workflow.workflowId), "sweep-holds");
});

test("a checkout that lives releases its own hold: there is nothing to sweep", async () => {
  const before = await swept();
  const bookingId = await hold();
  await becomes(bookingId, "expired");
  expect(await read(bookingId)).toMatchObject({ endReason: "hold_ended" });
  expect(await swept()).toBe(before);
});

test("a checkout that lives keeps its seats while its provider is silent, however often the sweep comes by", async () => {
  const before = await swept();
  const bookingId = await hold();
  await asha.startPayment(bookingId);
  await stripe.fault({ route: "*", kind: "500", times: 1_000 });
  await eventually(async () => (await temporal.workflow.count(unknown)).count === 1, 30_000);
  expect((await read(bookingId)).status).toBe("held");
  expect(await swept()).toBe(before);
  await stripe.reset();
  await checkoutOf(bookingId).cancel();
  await becomes(bookingId, "cancelled");
});

const unknown = `BookingStatus = "payment_unknown" and ExecutionStatus = "Running"`;

test("a payment was begun, and its checkout is terminated: the provider is asked, closes it, and the seats go back", async () => {
  const bookingId = await hold();
  const { body: payment } = await asha.startPayment(bookingId);
  await checkoutOf(bookingId).terminate();
  await becomes(bookingId, "expired");
  expect(await traceOf(bookingId)).toMatchObject({ seats: ["available"], counted: 0 });
  expect((await asha.authorise(payment)).status).toBeGreaterThanOrEqual(400);
});

test("a payment was made and nobody heard of it: the sweep finds it, and the buyer gets the tickets", async () => {
  const bookingId = await hold();
  const { body: payment } = await asha.startPayment(bookingId);
  await stripe.webhooks({ drop: 1_000 });
  await checkoutOf(bookingId).terminate();
  await asha.authorise(payment);
  await becomes(bookingId, "ticketed");
  expect((await stripe.ledger()).totals["gbp"]).toMatchObject({ capturedMinor: 2_200 });
});

test("nothing of all that breaks a promise", async () => {
  const violations = await findViolations(system.database.pool, { graceSeconds, outbox: "kept" });
  expect(violations).toEqual([]);
});
