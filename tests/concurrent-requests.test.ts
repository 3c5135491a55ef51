import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { WorkflowUpdateFailedError } from "@temporalio/client";
import type { WorkflowHandle } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

import { checkoutWorkflowId } from "../domain/ids.ts";
import type { SupportRequest } from "../domain/support.ts";
import { messageNames } from "../workflows/contract.ts";
import { bundleWorkflows, openCheckoutHouse } from "./checkout-house.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { createQuickProvider } from "./quick-provider.ts";
import { replayAll } from "./replay-all.ts";

// Support, the buyer and the provider turn to one checkout in the same moment.

let workflowBundle: WorkflowBundleWithSourceMap;
let house: CheckoutHouse;
const provider = createQuickProvider();
beforeAll(async () => {
  workflowBundle = await bundleWorkflows();
  house = await openCheckoutHouse({ workflowBundle, provider });
}, 120_000);
afterAll(() => house.close(), 30_000);

const support: SupportRequest = {
  ...{ agent: "m.ortiz", reason: "customer_request", caseNumber: "HD-9" },
};
const times = { holdSeconds: 600, holdSecondsMax: 1_200, graceSeconds: 120 };

test("checkouts of which much is asked at once can be gone through again, and each act has left its trace", async () => {
  const checkouts = 24;
  const showId = await plantShow(house.db, { seats: checkouts });
  const acts = await Promise.all(
    Array.from({ length: checkouts }, (_, index) => askAtOnce(showId, `A${index + 1}`)),
  );
  await house.idle(100_000);
  const { rows } = await house.db.query<{ open: number; done: number }>(
    `select count(*) filter (where outcome is null)::integer as open, count(outcome)::integer as done
     from support_actions where show_id = $1`,
    [showId],
  );
  // A busy server may have done more than it could say.
  const said = acts.reduce((sum, each) => sum + each, 0);
  expect(rows[0]?.open).toBe(0);
  expect(rows[0]?.done).toBeGreaterThanOrEqual(said);
  expect(said).toBeGreaterThan(checkouts);
  expect(await replayAll(house.temporal.workflow, "checkout", workflowBundle)).toEqual({
    errors: [],
    replayed: checkouts,
  });
}, 180_000);

/** Its payment is there to be found. Returns how many of support's acts were accepted. */
async function askAtOnce(showId: string, seatId: string): Promise<number> {
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  await house.reserve({ ...booking, seatIds: [seatId] }, times);
  const handle = house.temporal.workflow.getHandle(checkoutWorkflowId(booking.bookingId));
  const payment = await house.startPayment({ ...booking, provider: "stripe" });
  const isPaid = provider.authorise(payment.paymentId);
  expect(isPaid).toBe(true);
  const ask = (name: string, request: unknown) =>
    handle.executeUpdate<unknown, [unknown]>(name, { args: [request] }).then(
      () => 1,
      () => 0,
    );
  const asked = await Promise.all([
    ask(messageNames.supportExtend, { ...support, minutes: 1 }),
    ask(messageNames.supportCheck, support),
    ask(messageNames.supportExtend, { ...support, minutes: 2 }),
    ask(messageNames.supportCheck, support),
    ask(messageNames.supportCancel, support),
    ask(messageNames.supportExtend, { ...support, minutes: 3 }),
    ask(messageNames.extend, { by: "buyer" }).then(() => 0),
    ask(messageNames.cancel, { by: "buyer" }).then(() => 0),
  ]);
  await eventually(() => isOver(handle), 60_000);
  return asked.reduce((sum: number, each) => sum + each, 0);
}

/** It has been given back, or is being decided. */
async function isOver(handle: WorkflowHandle): Promise<boolean> {
  try {
    await handle.executeUpdate(messageNames.cancel);
    return true;
  } catch (error) {
    return error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError;
  }
}
