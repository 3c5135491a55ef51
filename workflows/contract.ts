import type { ErrorCode } from "../domain/errors.ts";
import type { HoldRequest, RefusedSeats } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";
import type { RescheduleWish } from "../domain/plan-reschedule.ts";
import type { RefundKey } from "../domain/refund.ts";
import type { ShowChangePhase, ShowProgress, ShowSurvey } from "../domain/show-change.ts";
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
  sweepHolds: "sweepHolds",
  remindBuyers: "remindBuyers",
  showCancellation: "showCancellation",
  showReschedule: "showReschedule",
  waitingList: "waitingList",
} as const;

export const messageNames = {
  reserve: "reserve",
  paymentFact: "paymentFact",
  extend: "extend",
  changeSeats: "changeSeats",
  cancel: "cancel",
  supportExtend: "supportExtendHold",
  supportCancel: "supportCancel",
  supportCheck: "supportCheckPayments",
  refundNews: "refundNews",
  supportRetryRefund: "supportRetryNow",
  supportSettleRefund: "supportSettleByHand",
  supportLookAgain: "supportLookAgain",
  approveShowChange: "approve",
  abandonShowChange: "abandon",
  pauseShowCancellation: "pause",
  resumeShowCancellation: "resume",
  showChange: "showChange",
  lookAtWaitingList: "lookAtWaitingList",
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
  | RefusedSeats
  | { outcome: "expired" }
  | { outcome: "cancelled"; reason: string };

/** Why a checkout turns a request down, where it matters to code. */
export const rejections = { tooEarly: "TooEarly", tooOften: "TooOften" } as const;

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

/** `after`: how far the overdue holds have been looked at; the counts are of those up to there. */
export type SweepInput = { after: string | null; released: number; left: number };
export const firstSweep: SweepInput = { after: null, released: 0, left: 0 };
/** `left`: a payment of theirs is still open, or they could not be released. */
export type SweepResult = { released: number; left: number };

/** `reminded` counts the bookings of earlier runs. */
export type RemindInput = { reminded: number };
export const firstReminders: RemindInput = { reminded: 0 };
export type RemindResult = { reminded: number };

/** `offered` counts the offers of earlier runs. */
export type WaitingListInput = { showId: string; offered: number };
export type WaitingListResult = { offered: number };
/** A look at a waiting list. `checkouts` have yet to hold the seats of their offers; of the `open` ones some are named. */
export type OfferRound = {
  checkouts: CheckoutInput[];
  open: { bookingId: string; heldUntilMs: number | null }[];
  openCount: number;
  waiting: number;
  /** When the first open offer ends; null: none is open. */
  nextEndMs: number | null;
};
/**
 * Typed by hand into the Temporal UI: `showId` is the public one. Nothing is changed before another agent approves, within a day
 * unless less is said.
 */
export type ShowChangeInput = SupportRequest & { showId: string; approvalSeconds?: number };

/** `carried` is what an earlier run of the workflow hands on to the next; nobody types it. */
export type ShowCancellationInput = ShowChangeInput & { carried?: CancellationPlace };
/** How far a cancellation has come: a round looks at every booking, first at the held ones, then at those with tickets. */
export type CancellationPlace = {
  approvedBy: string;
  cancelledAtMs: number;
  survey: ShowSurvey;
  round: number;
  stage: "holds" | "tickets";
  /** The page that is next begins behind this booking. */
  after: string | null;
  /** Bookings of this round that could not be given back. */
  refused: number;
  isPaused: boolean;
};
export type ShowCancellationResult =
  | { outcome: "cancelled"; approvedBy: string; progress: ShowProgress }
  | { outcome: "abandoned" | "lapsed" };

export type ShowRescheduleInput = ShowChangeInput & RescheduleWish;
export type ShowRescheduleResult =
  | { outcome: "rescheduled"; approvedBy: string; startsAtMs: number }
  | { outcome: "abandoned" | "lapsed" };

export type ShowApprovalRequest = SupportRequest & { code: string };

/** What the query `showChange` says. */
export type ShowChangeState = {
  phase: ShowChangePhase;
  survey: ShowSurvey | null;
  /** What the second agent approves with, while nothing is changed yet. */
  code: string | null;
  progress: ShowProgress | null;
  /** Some of the bookings that could not be given back in this round, by their public ids. */
  refused: { bookingId: string; code: ErrorCode }[];
};

export const approvalSecondsMax = 86_400;

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

/** Named by the public id, because people type it: one change of a kind at a time is all that Temporal lets run. */
export function showCancellationWorkflowId(showId: string): string {
  return `cancel-show-${showId}`;
}

export function waitingListWorkflowId(showId: string): string {
  return `waiting-list-${showId}`;
}

export function showRescheduleWorkflowId(showId: string): string {
  return `reschedule-show-${showId}`;
}
