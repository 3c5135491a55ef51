import type { Order, Refund } from "@paypal/paypal-server-sdk";
import { CaptureStatus, RefundStatus } from "@paypal/paypal-server-sdk";

import { DomainError } from "../../domain/errors.ts";
import type { ProviderPaymentRef, RefundOrder, RefundState } from "../../domain/payment.ts";
import { fromPaypalAmount, toPaypalAmount } from "./amounts.ts";
import { findOrder, readCapture } from "./find-order.ts";
import { undecided } from "./move-money.ts";
import { pendingCapture, takenCaptures, unitOf } from "./order-state.ts";
import {
  customIdOf,
  readProviderPaymentId,
  readRefundInvoiceId,
  refundInvoiceIdOf,
} from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { isUnknownToPaypal, refusalOf } from "./paypal-errors.ts";

/**
 * Gives money back. Safe to repeat: PayPal knows an attempt by its request id for 45 days, and by its invoice id for ever. Throws
 * `PAYMENT_PROVIDER_UNAVAILABLE` when nobody knows.
 */
export async function refundPayment(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
  order: RefundOrder,
): Promise<RefundState> {
  const known = await findState(calls, payment, order);
  if (known !== undefined) return known;
  const captureId = await findCaptureId(calls, payment);
  try {
    return stateOf(await createRefund(calls, captureId, payment, order));
  } catch (error) {
    const issue = refusalOf(error);
    if (issue === undefined) throw error;
    // Refused is this request only: another run of the attempt, or a person at PayPal's site, may have been quicker.
    const quicker = await findState(calls, payment, order);
    if (quicker !== undefined) return quicker;
    // The attempt was made, PayPal knows it by its invoice id, and does not tell how it went.
    if (undecidedIssues.has(issue)) throw undecided(issue);
    return { status: "failed", providerRefundId: null, reason: reasonOf(issue) };
  }
}

/**
 * There is no event for a refund that failed, so this is the only way to learn of it. `absent`: PayPal shows none under this
 * order; it forgets payments' lists of refunds after some days, and then the same attempt may be repeated to learn how it went.
 */
export async function lookAtRefund(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
  order: RefundOrder,
): Promise<RefundState | "absent"> {
  return (await findState(calls, payment, order)) ?? "absent";
}

async function createRefund(
  calls: PaypalCalls,
  captureId: string,
  payment: ProviderPaymentRef,
  order: RefundOrder,
): Promise<Refund> {
  return calls.call(({ payments }, options) =>
    payments.refundCapturedPayment(
      {
        captureId,
        paypalRequestId: `refund:${order.refundId}:${order.attempt}`,
        prefer: "return=representation",
        body: {
          amount: toPaypalAmount({ ...payment, amountMinor: order.amountMinor }),
          customId: customIdOf(payment),
          invoiceId: refundInvoiceIdOf(order),
        },
      },
      options,
    ),
  );
}

/**
 * What has already become of an order. An attempt that was never made is answered for by another of the same refund that has
 * not failed: whoever counts wrong, or comes late, must not send the money twice.
 */
async function findState(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
  order: RefundOrder,
): Promise<RefundState | undefined> {
  if (typeof order.providerRefundId === "string") {
    const refundId = order.providerRefundId;
    return stateOf(
      await calls.call(({ payments }, options) => payments.getRefund({ refundId }, options)),
    );
  }
  const paypalOrder = await findRecentOrder(calls, payment);
  if (paypalOrder === undefined) return undefined;
  const given = unitOf(paypalOrder)?.payments?.refunds ?? [];
  const ours = given.filter(
    ({ invoiceId }) => readRefundInvoiceId(invoiceId)?.refundId === order.refundId,
  );
  const same = ours.filter(({ invoiceId }) => invoiceId === refundInvoiceIdOf(order));
  const known = same[0] ?? ours.find(isLive);
  if (known === undefined) return stateByOthers(paypalOrder, given, order);
  const { amountMinor } = fromPaypalAmount(known.amount);
  if (amountMinor !== order.amountMinor) {
    throw new Error(`Refund ${order.refundId} was ${amountMinor} before, not ${order.amountMinor}`);
  }
  return stateOf(known);
}

/**
 * Money that a person gave back at PayPal's site bears no id of ours, and a part of it could be meant for anything. Only where the
 * order is for all that was captured, and all of it went back, there is no doubt.
 */
function stateByOthers(
  paypalOrder: Order,
  given: Refund[],
  order: RefundOrder,
): RefundState | undefined {
  const captured = takenCaptures(paypalOrder);
  const [capture] = captured;
  if (capture === undefined || captured.length > 1) return undefined;
  if (fromPaypalAmount(capture.amount).amountMinor !== order.amountMinor) return undefined;
  const others = given.filter(({ invoiceId }) => readRefundInvoiceId(invoiceId) === undefined);
  const live = others.filter(isLive);
  const sum = live.reduce((total, { amount }) => total + fromPaypalAmount(amount).amountMinor, 0);
  if (sum < order.amountMinor) return undefined;
  const telling = live.find(({ status }) => status !== RefundStatus.Completed) ?? live[0];
  return telling === undefined ? undefined : stateOf(telling);
}

/** The payment's order, or undefined when PayPal has forgotten it: after some days only the capture is left. */
async function findRecentOrder(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
): Promise<Order | undefined> {
  const { captureId } = readProviderPaymentId(payment.providerPaymentId ?? "");
  try {
    return await findOrder(calls, payment);
  } catch (error) {
    if (captureId === undefined || !isUnknownToPaypal(error)) throw error;
    // An unknown order may also mean that we are asking in another account; then this throws.
    await readCapture(calls, captureId);
    return undefined;
  }
}

async function findCaptureId(calls: PaypalCalls, payment: ProviderPaymentRef): Promise<string> {
  const { captureId } = readProviderPaymentId(payment.providerPaymentId ?? "");
  if (captureId !== undefined) return captureId;
  const order = await findOrder(calls, payment);
  const capture = order && (takenCaptures(order)[0] ?? pendingCapture(order));
  if (capture?.id === undefined) throw new DomainError("PAYMENT_NOT_FOUND");
  if (capture.status === CaptureStatus.Pending) throw undecided("capture pending");
  return capture.id;
}

export function stateOf(refund: Refund): RefundState {
  const providerRefundId = refund.id ?? null;
  if (refund.status === RefundStatus.Completed) return { status: "succeeded", providerRefundId };
  if (isLive(refund)) return { status: "pending", providerRefundId };
  return { status: "failed", providerRefundId, reason: "provider" };
}

/** What PayPal may invent counts as not back yet. */
function isLive({ status }: { status?: RefundStatus | undefined }): boolean {
  return status !== RefundStatus.Failed && status !== RefundStatus.Cancelled;
}

function reasonOf(issue: string): NonNullable<RefundState["reason"]> {
  if (balanceIssues.has(issue)) return "balance";
  return disputeIssues.has(issue) ? "dispute" : "provider";
}

const balanceIssues = new Set(["REFUND_FAILED_INSUFFICIENT_FUNDS", "REFUND_FUNDS_NOT_AVAILABLE"]);
const disputeIssues = new Set([
  "TRANSACTION_DISPUTED",
  "CAPTURE_DISPUTED_PARTIAL_REFUND_NOT_ALLOWED",
  "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
]);
const undecidedIssues = new Set(["PENDING_CAPTURE", "DUPLICATE_INVOICE_ID"]);
