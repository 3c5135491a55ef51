import { answerFaults, faultOrderOf } from "../provider-sandbox/faults.ts";
import type { Fault } from "../provider-sandbox/faults.ts";

export const faultOrder = faultOrderOf([
  ...answerFaults,
  /** The buyer's bank refuses: an authorisation is not made, a capture is made and declined. */
  "decline",
  /** PayPal itself refuses, and nothing is made. */
  "refuse",
  /** It is made, and decided later. */
  "pending",
  /** The balance does not cover a refund. */
  "insufficient_funds",
  /** More transactions than are listed at once. */
  "too_large",
]);

export type PaypalFault = Fault<(typeof faultOrder.shape.kind.options)[number]>;
