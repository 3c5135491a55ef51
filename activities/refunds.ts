import { findPayment } from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import * as refunds from "../adapters/postgres/refunds.ts";
import type { RefundTicketsOutcome } from "../adapters/postgres/refunds.ts";
import type { PaymentProvider, PaymentProviderName, RefundState } from "../domain/payment.ts";
import type { RefundKey, RefundStatus } from "../domain/refund.ts";
import type { TellSeats } from "../domain/seat-news.ts";

export type RefundDependencies = {
  db: Queryable;
  provider: (name: PaymentProviderName) => PaymentProvider;
  tellSeats: TellSeats;
};

export type DrivenRefund = {
  status: RefundStatus;
  attempt: number;
  failure?: RefundState["reason"];
};

/** Money on its way back, as activities. */
export function createRefundActivities({ db, provider, tellSeats }: RefundDependencies) {
  return {
    /** Safe to run again: the same cause finds the same refund, and its tickets are void already. */
    async refundTickets(
      refund: Parameters<typeof refunds.refundTickets>[1],
    ): Promise<RefundTicketsOutcome> {
      return refunds.refundTickets(db, refund, tellSeats);
    },

    /**
     * One step: sends the present attempt, or asks about it, and writes down what the provider says.
     * Safe to run again: an attempt is known to the provider by the refund's id and its number.
     */
    async driveRefund(key: RefundKey): Promise<DrivenRefund> {
      const refund = await refunds.findRefund(db, key);
      if (refund === undefined) throw new Error(`No refund ${key.refundId}`);
      if (refund.status === "settled") return refund;
      const state = await moveOrAsk(refund);
      const recorded = await refunds.recordRefund(db, { ...refund, state });
      return state.status === "failed" ? { ...recorded, failure: state.reason } : recorded;
    },

    /** Safe to run again: what is settled stays settled. The money was given back in another way, by hand. */
    async settleRefundByHand(key: RefundKey): Promise<DrivenRefund> {
      const refund = await refunds.findRefund(db, key);
      if (refund === undefined) throw new Error(`No refund ${key.refundId}`);
      const state = { status: "settled", providerRefundId: null } as const;
      return refunds.recordRefund(db, { ...refund, state });
    },
  };

  async function moveOrAsk(refund: refunds.StoredRefund): Promise<RefundState> {
    const payment = await findPayment(db, refund);
    if (payment === undefined) throw new Error(`No payment of refund ${refund.refundId}`);
    const from = provider(refund.provider);
    if (refund.status === "requested") return from.refund(payment, refund);
    const known = await from.lookAtRefund(payment, refund);
    return known === "absent" ? from.refund(payment, refund) : known;
  }
}
