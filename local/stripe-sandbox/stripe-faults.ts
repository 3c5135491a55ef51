import { answerFaults, faultOrderOf } from "../provider-sandbox/faults.ts";
import type { Fault } from "../provider-sandbox/faults.ts";

export const faultOrder = faultOrderOf([
  ...answerFaults,
  /** The card's bank refuses. */
  "decline",
  /** The balance does not cover a refund: Stripe refuses it. */
  "balance_refused",
  /** The balance does not cover a refund: Stripe accepts it and waits for money. */
  "balance_awaited",
  /** Search and lists know nothing yet. */
  "stale",
]);

export type StripeFault = Fault<(typeof faultOrder.shape.kind.options)[number]>;
