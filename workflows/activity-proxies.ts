import {
  condition,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
} from "@temporalio/workflow";
import type { ActivityInterfaceFor } from "@temporalio/workflow";

import type { Activities, SaleActivities } from "../activities/index.ts";
import { paymentsQueue } from "./contract.ts";

type QuickActivities = ActivityInterfaceFor<SaleActivities>;
type ActivityProxies = ActivityInterfaceFor<Activities>;

/**
 * 3 s a try because a capture is a call to a provider; the statements behind the others are cut off by the database after 1 s.
 * Two tries stay below 80 % of the ten-second workflow task.
 */
const local: QuickActivities = proxyLocalActivities<SaleActivities>({
  startToCloseTimeout: "3s",
  scheduleToCloseTimeout: "7s",
  retry: { initialInterval: "50ms", maximumInterval: "500ms", maximumAttempts: 2 },
});

/**
 * Runs on a worker of the payments queue and is tried again for as long as it takes: money and seats wait for a store or a
 * provider that is away, and support sees the pending attempt in the Temporal UI.
 */
export const durable: ActivityProxies = proxyActivities<Activities>({
  taskQueue: paymentsQueue,
  startToCloseTimeout: "30s",
  retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "1m" },
});

/**
 * A page of many bookings. Its process says that it lives, so one that was killed is missed after ten seconds; the page itself may
 * take minutes where a provider is slow.
 */
export const paged: ActivityProxies = proxyActivities<Activities>({
  taskQueue: paymentsQueue,
  startToCloseTimeout: "10m",
  heartbeatTimeout: "10s",
  retry: { initialInterval: "500ms", backoffCoefficient: 2, maximumInterval: "1m" },
});

/** Each workflow has a module of its own in its sandbox. */
let isBusy = false;

/**
 * Runs inside the workflow task, without a round trip through the server: one marker in the history. One at a time in a workflow:
 * those that run beside each other, for the story and for what it is asked meanwhile, may come back in another order when the
 * history is replayed, and the workflow would then do another thing first than it did.
 */
export async function quickly<Result>(
  effect: (run: QuickActivities) => Promise<Result>,
): Promise<Result> {
  // Asked only when it matters: the mark of a patch is two events. What was begun before it did not wait.
  while (isBusy && patched("one-local-activity-at-a-time")) await condition(() => !isBusy);
  isBusy = true;
  try {
    return await effect(local);
  } finally {
    isBusy = false;
  }
}

/** Quickly if it can be, durably if it must: the effect happens in the end. */
export async function surely<Result>(
  effect: (run: QuickActivities) => Promise<Result>,
): Promise<Result> {
  try {
    return await quickly(effect);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return effect(durable);
  }
}
