import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Worker } from "@temporalio/worker";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

import { checkoutWorkflowId } from "../domain/ids.ts";
import { checkoutQueue, messageNames } from "../workflows/contract.ts";
import { bundleWorkflows, openCheckoutHouse } from "./checkout-house.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { createQuickProvider } from "./quick-provider.ts";

// The request holds its seats as soon as Temporal has the workflow, which does the same as its first step (decision 0060).

let workflowBundle: WorkflowBundleWithSourceMap;
let house: CheckoutHouse;
beforeAll(async () => {
  workflowBundle = await bundleWorkflows();
  house = await openCheckoutHouse({ workflowBundle, provider: createQuickProvider() });
}, 120_000);
afterAll(() => house.close(), 30_000);

const failed = "workflowTaskFailedEventAttributes";
const marked = "markerRecordedEventAttributes";
const updated = "workflowExecutionUpdateAcceptedEventAttributes";
const times = { holdSeconds: 600, holdSecondsMax: 1_200, graceSeconds: 120 };

test("a buyer has their answer, and the process dies before the workflow has had its first step: whoever goes on finds the hold, and ends it", async () => {
  const showId = await plantShow(house.db, { seats: 1 });
  await house.workers.stop();
  const ignorant = await startIgnorant();
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  const held = await house.reserve({ ...booking, seatIds: ["A1"] }, times);
  await eventually(async () => (await countEvents(booking.bookingId, failed)) > 0);
  await ignorant.stop();
  expect(await countEvents(booking.bookingId, marked)).toBe(0);

  await house.workers.start();
  const handle = house.temporal.workflow.getHandle(checkoutWorkflowId(booking.bookingId));
  const ask = { args: [{ requestHash: "hash" }] as [unknown] };
  const again = await eventually(
    async () => handle.executeUpdate<object, [unknown]>(messageNames.reserve, ask),
    20_000,
  );
  expect(held).toMatchObject(again);
  await handle.cancel();
  await house.idle();
  const { rows } = await house.db.query("select status from show_seats where show_id = $1", [
    showId,
  ]);
  expect(rows).toEqual([{ status: "available" }]);
}, 120_000);

test("a checkout that is cancelled while nobody has its first step leaves no seat behind", async () => {
  const showId = await plantShow(house.db, { seats: 1 });
  await house.workers.stop();
  const ignorant = await startIgnorant();
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  await house.reserve({ ...booking, seatIds: ["A1"] }, times);
  await house.temporal.workflow.getHandle(checkoutWorkflowId(booking.bookingId)).cancel();
  await ignorant.stop();

  await house.workers.start();
  await house.idle();
  const { rows } = await house.db.query("select status from show_seats where show_id = $1", [
    showId,
  ]);
  expect(rows).toEqual([{ status: "available" }]);
}, 120_000);

test("an order that comes twice at once, and once more, hears of one hold, and its checkout is asked nothing", async () => {
  const showId = await plantShow(house.db, { seats: 1 });
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  const order = { ...booking, seatIds: ["A1"], requestHash: "h", deadlineMs: Date.now() + 60_000 };
  const both = await Promise.all([house.checkouts.reserve(order), house.checkouts.reserve(order)]);
  const later = await house.checkouts.reserve(order);
  const [held] = both;
  expect(held).toMatchObject({ outcome: "held" });
  expect(both[1]).toEqual(held);
  // The database names the seats, too.
  expect({ ...held, seatIds: ["A1"] }).toMatchObject(later);
  const other = await house.checkouts.reserve({ ...order, requestHash: "another" });
  expect(other).toMatchObject({ outcome: "refused", code: "IDEMPOTENCY_KEY_REUSED" });
  expect(await countEvents(booking.bookingId, updated)).toBe(0);
  await house.temporal.workflow.getHandle(checkoutWorkflowId(booking.bookingId)).cancel();
  await house.idle();
}, 60_000);

/** A worker of checkouts that knows none: it is given their first tasks, and fails every one before its first line. */
async function startIgnorant() {
  const workflowsPath = fileURLToPath(new URL("./empty-workflow/index.ts", import.meta.url));
  const { connection, namespace } = house;
  const worker = await Worker.create({
    ...{ connection, namespace, workflowsPath, taskQueue: checkoutQueue },
    activities: { holdSeats: async () => undefined },
    enableNonLocalActivities: false,
  });
  const ended = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await ended;
    },
  };
}

async function countEvents(
  bookingId: string,
  attributes: typeof failed | typeof marked | typeof updated,
) {
  const handle = house.temporal.workflow.getHandle(checkoutWorkflowId(bookingId));
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event[attributes]).length;
}
