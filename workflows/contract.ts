import type { ErrorCode } from "../domain/errors.ts";
import type { HoldRequest } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";

/**
 * What the world may know of the workflows: their names, queues, inputs and results. Everything that crosses is ids and
 * small numbers: no Date, no class, no personal data. A field may be added, never renamed or removed, while a workflow
 * that was started with the old shape may still run.
 */
export const checkoutQueue = "checkout";
export const paymentsQueue = "payments";

export const workflowTypes = { checkout: "checkout", latePayment: "latePayment" } as const;
export const messageNames = { reserve: "reserve", paymentFact: "paymentFact" } as const;

export type CheckoutInput = HoldRequest & {
  holdSeconds: number;
  graceSeconds: number;
};

/** How a checkout ended. `tickets` counts them; `reason` says why there are none. */
export type CheckoutResult =
  | { outcome: "ticketed"; tickets: number }
  | { outcome: "refused"; code: ErrorCode; seatIds: string[] }
  | { outcome: "expired" }
  | { outcome: "cancelled"; reason: string };

/** Money that arrived when there was nothing left to sell for it. */
export type LatePaymentInput = { fact: PaymentFact };
export type LatePaymentResult = { outcome: "voided" | "refunded" | "kept" };

/** The hold was extended to this long, counted from its start, while a provider would not say whether it was paid. */
export const holdSecondsMax = 1_200;

export function latePaymentWorkflowId(paymentId: string): string {
  return `late-payment-${paymentId}`;
}
