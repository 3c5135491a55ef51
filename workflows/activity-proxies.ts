import { isCancellation, proxyActivities, proxyLocalActivities } from "@temporalio/workflow";
import type { ActivityInterfaceFor } from "@temporalio/workflow";

import type { Activities, SaleActivities } from "../activities/index.ts";
import { paymentsQueue } from "./contract.ts";

type QuickActivities = ActivityInterfaceFor<SaleActivities>;
type ActivityProxies = ActivityInterfaceFor<Activities>;

/**
 * Runs inside the workflow task, without a round trip through the server: one marker in the history. 3 s a try because a
 * capture is a call to a provider; the statements behind the others are cut off by the database after 1 s. Two tries stay
 * below 80 % of the ten-second workflow task.
 */
export const quick: QuickActivities = proxyLocalActivities<SaleActivities>({
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

/** Quick if it can be, durable if it must: the effect happens in the end. */
export async function surely<Result>(
  effect: (run: QuickActivities) => Promise<Result>,
): Promise<Result> {
  try {
    return await effect(quick);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return effect(durable);
  }
}
