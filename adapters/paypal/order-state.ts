import type {
  AuthorizationWithAdditionalData,
  CapturedPayment,
  Order,
  OrdersCapture,
} from "@paypal/paypal-server-sdk";
import { AuthorizationStatus, CaptureStatus, OrderStatus } from "@paypal/paypal-server-sdk";

import type { PaymentFact, ProviderPaymentStatus } from "../../domain/payment.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { readCustomId } from "./payment-identity.ts";

/** What an order says, in the words of the house; undefined when the order is not one of ours. */
export function factOf(order: Order, eventId: string): PaymentFact | undefined {
  const identity = readCustomId(unitOf(order)?.customId);
  if (identity === undefined) return undefined;
  const { paymentId, bookingId, showId } = identity;
  const status = statusOf(order);
  return {
    eventId,
    provider: "paypal",
    paymentId,
    bookingId,
    showId,
    status,
    ...amountOf(order, status),
  };
}

/** What a capture says that has taken money; undefined for any other, and when it is not one of ours. */
export function factOfCapture(capture: CapturedPayment, eventId: string): PaymentFact | undefined {
  const identity = readCustomId(capture.customId);
  if (identity === undefined || !hasTaken(capture)) return undefined;
  const { paymentId, bookingId, showId } = identity;
  return {
    eventId,
    provider: "paypal",
    paymentId,
    bookingId,
    showId,
    status: "captured",
    ...fromPaypalAmount(capture.amount),
  };
}

export function statusOf(order: Order): ProviderPaymentStatus {
  if (takenCaptures(order).length > 0) return "captured";
  // Still set aside: a capture that is pending may yet be declined.
  if (pendingCapture(order) !== undefined) return "authorised";
  if (newestAuthorisation(order) !== undefined) return "authorised";
  if (liveAuthorisations(order).length > 0) return "open";
  return isUnpaid(order) && !isMarkedVoided(order) ? "open" : "voided";
}

/** Whether the buyer may still approve, or has approved and no money is set aside yet. */
export function isUnpaid({ status }: Order): boolean {
  return (
    status === OrderStatus.Created ||
    status === OrderStatus.Saved ||
    status === OrderStatus.PayerActionRequired ||
    status === OrderStatus.Approved
  );
}

export function isMarkedVoided(order: Order): boolean {
  return readCustomId(unitOf(order)?.customId)?.isVoided === true;
}

/** Captures that have taken money, whatever has gone back of it since. */
export function takenCaptures(order: Order): OrdersCapture[] {
  return (unitOf(order)?.payments?.captures ?? []).filter(hasTaken);
}

export function hasTaken({ status }: { status?: CaptureStatus | undefined }): boolean {
  return (
    status === CaptureStatus.Completed ||
    status === CaptureStatus.PartiallyRefunded ||
    status === CaptureStatus.Refunded
  );
}

export function pendingCapture(order: Order): OrdersCapture | undefined {
  const captures = unitOf(order)?.payments?.captures ?? [];
  return captures.find(({ status }) => status === CaptureStatus.Pending);
}

/** Authorisations that hold money, or may do so after PayPal's review; oldest first. */
export function liveAuthorisations(order: Order): AuthorizationWithAdditionalData[] {
  return (unitOf(order)?.payments?.authorizations ?? [])
    .filter(
      ({ status }) =>
        status === AuthorizationStatus.Created ||
        status === AuthorizationStatus.PartiallyCaptured ||
        status === AuthorizationStatus.Pending,
    )
    .toSorted((one, other) => timeOf(one) - timeOf(other));
}

/** The one to capture: an authorisation that was made anew takes the place of the one before. */
export function newestAuthorisation(order: Order): AuthorizationWithAdditionalData | undefined {
  return liveAuthorisations(order).findLast(({ status }) => status === AuthorizationStatus.Created);
}

export function unitOf(order: Order) {
  return order.purchaseUnits?.[0];
}

/** What is really there counts, not what was asked for: a difference must be seen. */
function amountOf(order: Order, status: ProviderPaymentStatus) {
  if (status === "captured") return sumOf(takenCaptures(order));
  const held = pendingCapture(order) ?? newestAuthorisation(order);
  return fromPaypalAmount(status === "authorised" ? held?.amount : unitOf(order)?.amount);
}

function sumOf(captures: OrdersCapture[]): { amountMinor: number; currency: string } {
  const amounts = captures.map(({ amount }) => fromPaypalAmount(amount));
  const amountMinor = amounts.reduce((sum, amount) => sum + amount.amountMinor, 0);
  return { amountMinor, currency: amounts[0]?.currency ?? "" };
}

/** Without a time it counts as the oldest. */
function timeOf({ createTime }: AuthorizationWithAdditionalData): number {
  return createTime === undefined ? 0 : Date.parse(createTime);
}
