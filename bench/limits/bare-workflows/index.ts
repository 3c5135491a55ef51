import { proxyLocalActivities } from "@temporalio/workflow";

import type { HoldOutcome } from "../../../domain/hold.ts";
import type { CheckoutInput } from "../../../workflows/contract.ts";

type OneHold = { holdSeats(input: CheckoutInput): Promise<HoldOutcome> };

const { holdSeats } = proxyLocalActivities<OneHold>({ startToCloseTimeout: "5s" });

/** L5: what starting any workflow costs. */
export async function empty(): Promise<string> {
  return "done";
}

/** L6: the least that a durable checkout can do: one hold, and the end. */
export async function thin(input: CheckoutInput): Promise<HoldOutcome> {
  return holdSeats(input);
}
