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
  /** While it is silent about a payment, nobody knows anything of it. */
  setSilent(paymentId: string, isSilent: boolean): void;
  charges(): Charge[];
};

/**
 * A payment provider that keeps the contract of domain/payment.ts and nothing more, in this process: for runs by the thousand,
 * where the sandbox's HTTP would cost more than what is looked at.
 */
export function createQuickProvider(name: PaymentProviderName = "stripe"): QuickProvider {
  const charges = new Map<string, Charge>();
  const silent = new Set<string>();
  let failing = 0;

  function find(paymentId: string): Charge | undefined {
    if (silent.has(paymentId)) throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");
    return charges.get(paymentId);
  }

  function findOrCreate(payment: Omit<ProviderPaymentRef, "providerPaymentId">): Charge {
    const charge = find(payment.paymentId) ?? newCharge(payment);
    charges.set(payment.paymentId, charge);
    return charge;
  }

  return {
    name,
    async start(payment) {
      const { status } = findOrCreate(payment);
      return { providerPaymentId: `quick_${payment.paymentId}`, status };
    },
    async look(payment) {
      const charge = find(payment.paymentId);
      if (charge === undefined) return "absent";
      const eventId = `asked:${payment.paymentId}:${charge.status}`;
      return { ...quickFact(name, payment, charge.status), eventId };
    },
    async capture({ paymentId }) {
      const charge = find(paymentId);
      move(charge, ["authorised"], "captured");
      if (charge?.status !== "captured") throw new DomainError("PAYMENT_DECLINED");
      return { capturedMinor: charge.capturedMinor };
    },
    async voidPayment(payment) {
      const charge = findOrCreate(payment);
      move(charge, ["open", "authorised"], "voided");
      return charge.status === "captured" ? "captured" : "voided";
    },
    async refund({ paymentId }, order) {
      const charge = find(paymentId);
      if (charge === undefined) throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE");
      const known = refundOf(charge, order);
      if (known !== undefined) return known;
      failing -= 1;
      const status = failing >= 0 || order.amountMinor > leftOf(charge) ? "failed" : "succeeded";
      charge.refunds.push({ ...order, status });
      return refundOf(charge, order) ?? failed;
    },
    async lookAtRefund({ paymentId }, order) {
      const charge = find(paymentId);
      return (charge && refundOf(charge, order)) ?? "absent";
    },
    authorise: (paymentId) => move(charges.get(paymentId), ["open"], "authorised"),
    captureByHand: (id) => move(charges.get(id), ["open", "authorised"], "captured"),
    voidByHand: (id) => move(charges.get(id), ["open", "authorised"], "voided"),
    setSilent: (id, isSilent) => void (isSilent ? silent.add(id) : silent.delete(id)),
    failRefunds: (times) => void (failing = times),
    charges: () => [...charges.values()],
  };
}

function newCharge(payment: Omit<ProviderPaymentRef, "providerPaymentId">): Charge {
  const { paymentId, bookingId, amountMinor, currency } = payment;
  const untouched = { status: "open", capturedMinor: 0, captures: 0, refunds: [] } as const;
  return { paymentId, bookingId, amountMinor, currency, ...untouched, refunds: [] };
}

function move(
  charge: Charge | undefined,
  from: ProviderPaymentStatus[],
  to: ProviderPaymentStatus,
): boolean {
  if (charge === undefined || !from.includes(charge.status)) return false;
  charge.status = to;
  if (to === "captured") {
    charge.capturedMinor = charge.amountMinor;
    charge.captures += 1;
  }
  return true;
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
