import { randomUUID } from "node:crypto";

import { DomainError } from "../domain/errors.ts";
import type {
  PaymentFact,
  PaymentProvider,
  PaymentProviderName,
  ProviderPaymentRef,
  ProviderPaymentStatus,
  RefundOrder,
  RefundState,
} from "../domain/payment.ts";
import type { Charge } from "./money-problems.ts";

/** What the buyer, the bank and whoever sits at the provider's dashboard do; each says whether it could be done. */
export type QuickProvider = PaymentProvider & {
  authorise(paymentId: string): boolean;
  captureByHand(paymentId: string): boolean;
  voidByHand(paymentId: string): boolean;
  /** The next so many refunds fail. */
  failRefunds(times: number): void;
  charges(): Charge[];
};

/**
 * A payment provider that keeps the contract of domain/payment.ts and nothing more, in this process: for runs by the thousand,
 * where the sandbox's HTTP would cost more than what is looked at.
 */
export function createQuickProvider(name: PaymentProviderName = "stripe"): QuickProvider {
  const payments = new Map<string, Charge>();
  let failing = 0;

  function move(paymentId: string, from: ProviderPaymentStatus[], to: ProviderPaymentStatus) {
    const payment = payments.get(paymentId);
    if (payment === undefined || !from.includes(payment.status)) return false;
    payment.status = to;
    if (to === "captured") {
      payment.capturedMinor = payment.amountMinor;
      payment.captures += 1;
    }
    return true;
  }

  function create(payment: Omit<ProviderPaymentRef, "providerPaymentId">): Charge {
    const known = payments.get(payment.paymentId);
    if (known !== undefined) return known;
    const { paymentId, bookingId, amountMinor, currency } = payment;
    const moved = { status: "open", capturedMinor: 0, captures: 0, refunds: [] } as const;
    const made: Charge = { paymentId, bookingId, amountMinor, currency, ...moved, refunds: [] };
    payments.set(paymentId, made);
    return made;
  }

  return {
    name,
    async start(payment) {
      const { status } = create(payment);
      return { providerPaymentId: `quick_${payment.paymentId}`, status };
    },
    async look(payment) {
      const known = payments.get(payment.paymentId);
      return known === undefined ? "absent" : quickFact(name, payment, known.status);
    },
    async capture({ paymentId }) {
      move(paymentId, ["authorised"], "captured");
      const payment = payments.get(paymentId);
      if (payment?.status !== "captured") throw new DomainError("PAYMENT_DECLINED");
      return { capturedMinor: payment.capturedMinor };
    },
    async voidPayment(payment) {
      create(payment);
      move(payment.paymentId, ["open", "authorised"], "voided");
      return payments.get(payment.paymentId)?.status === "captured" ? "captured" : "voided";
    },
    async refund({ paymentId }, order) {
      const payment = payments.get(paymentId);
      if (payment === undefined) throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");
      const known = refundOf(payment, order);
      if (known !== undefined) return known;
      failing -= 1;
      const status = failing >= 0 || order.amountMinor > leftOf(payment) ? "failed" : "succeeded";
      payment.refunds.push({ ...order, status });
      return refundOf(payment, order) ?? failed;
    },
    async lookAtRefund({ paymentId }, order) {
      const payment = payments.get(paymentId);
      return (payment && refundOf(payment, order)) ?? "absent";
    },
    authorise: (paymentId) => move(paymentId, ["open"], "authorised"),
    captureByHand: (paymentId) => move(paymentId, ["open", "authorised"], "captured"),
    voidByHand: (paymentId) => move(paymentId, ["open", "authorised"], "voided"),
    failRefunds: (times) => {
      failing = times;
    },
    charges: () => [...payments.values()],
  };
}

/** Each time another event, as a provider tells it. */
export function quickFact(
  provider: PaymentProviderName,
  payment: Omit<ProviderPaymentRef, "providerPaymentId">,
  status: ProviderPaymentStatus,
): PaymentFact {
  const { paymentId, bookingId, showId, amountMinor, currency } = payment;
  const eventId = `quick:${randomUUID()}`;
  return { eventId, provider, paymentId, bookingId, showId, status, amountMinor, currency };
}

function leftOf({ capturedMinor, refunds }: Charge): number {
  const given = refunds.filter(({ status }) => status !== "failed");
  return given.reduce((left, { amountMinor }) => left - amountMinor, capturedMinor);
}

const failed: RefundState = { status: "failed", providerRefundId: null, reason: "provider" };

/** The attempt that was asked for, else another of the same refund that has not failed. */
function refundOf({ refunds }: Charge, order: RefundOrder): RefundState | undefined {
  const ours = refunds.filter(({ refundId }) => refundId === order.refundId);
  const known =
    ours.find(({ attempt }) => attempt === order.attempt) ??
    ours.find(({ status }) => status !== "failed");
  if (known === undefined) return undefined;
  if (known.status === "failed") return failed;
  return { status: known.status, providerRefundId: `quick_${known.refundId}_${known.attempt}` };
}
