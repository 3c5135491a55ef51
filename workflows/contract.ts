import type { ErrorCode } from "../domain/errors.ts";
import type { HoldRequest } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";
import type { RefundKey } from "../domain/refund.ts";
import type { SupportRequest } from "../domain/support.ts";

/**
 * What the world may know of the workflows: their names, queues, inputs and results. Everything that crosses is ids and
 * small numbers: no Date, no class, no personal data. A field may be added, never renamed or removed, while a workflow
 * that was started with the old shape may still run.
 */
export const checkoutQueue = "checkout";
export const paymentsQueue = "payments";

export const workflowTypes = {
  checkout: "checkout",
  latePayment: "latePayment",
  refund: "refund",
  supportRefund: "supportRefund",
  supportResend: "supportResend",
  auditRows: "auditRows",
  auditFinding: "auditFinding",
} as const;

export const messageNames = {
  reserve: "reserve",
  paymentFact: "paymentFact",
  extend: "extend",
  cancel: "cancel",
  supportExtend: "supportExtendHold",
  supportCancel: "supportCancel",
  supportCheck: "supportCheckPayments",
  refundNews: "refundNews",
  supportRetryRefund: "supportRetryNow",
  supportSettleRefund: "supportSettleByHand",
  supportLookAgain: "supportLookAgain",
} as const;

export type CheckoutInput = HoldRequest & {
  holdSeconds: number;
  /** However the hold is extended, it ends so long after its start; only support may go further. Missing in old checkouts. */
  holdSecondsMax?: number;
  graceSeconds: number;
};

/** How a checkout ended. `tickets` counts them; `reason` says why there are none. */
export type CheckoutResult =
  | { outcome: "ticketed"; tickets: number }
  | { outcome: "refused"; code: ErrorCode; seatIds: string[] }
  | { outcome: "expired" }
  | { outcome: "cancelled"; reason: string };

export type CancelOutcome = "cancelled" | "too_late";
export type ExtendOutcome = { outcome: "extended"; heldUntilMs: number } | { outcome: "refused" };

/** Money that arrived when its checkout was over, or second. */
export type LatePaymentInput = { fact: PaymentFact };
export type LatePaymentResult = {
  outcome: "ticketed" | "voided" | "refunding" | "refunded" | "kept";
};

/** `bookingId` is for the search attribute only: the refund's row knows its booking. */
export type RefundInput = RefundKey & { bookingId: string };
export type RefundResult = { outcome: "succeeded" | "settled"; attempts: number };

/** Typed by hand into the Temporal UI: `bookingId` is the public one. Seats left out: all of them. */
export type SupportRefundInput = SupportRequest & {
  bookingId: string;
  seatIds?: string[];
  withFees: boolean;
};
export type SupportResendInput = SupportRequest & { bookingId: string };
export type SupportActionResult = { outcome: string };

/** `after`: the last show that has been looked at; the counts are of the shows up to there. */
export type AuditInput = { after: string | null; shows: number; violations: number };
export const firstAudit: AuditInput = { after: null, shows: 0, violations: 0 };
export type AuditResult = { shows: number; violations: number };
/** A booking with a broken promise; null: it is the show's own. */
export type AuditCase = { showId: string; bookingId: string | null };
/** `last` is null when there are no more shows. */
export type AuditedBatch = {
  shows: number;
  violations: number;
  cases: AuditCase[];
  last: string | null;
};
export type AuditFindingResult = { outcome: "mended" };

export const holdSecondsMaxDefault = 1_200;
export const supportHoldSecondsMax = 3_600;
/** How often a buyer may ask for more time. */
export const extensionsMax = 2;

export function latePaymentWorkflowId(paymentId: string): string {
  return `late-payment-${paymentId}`;
}

export function auditFindingWorkflowId({ showId, bookingId }: AuditCase): string {
  return bookingId === null ? `audit-show-${showId}` : `audit-${bookingId}`;
}

export function refundWorkflowId(refundId: string): string {
  return `refund-${refundId}`;
}
