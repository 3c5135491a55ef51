import { defineSignal, setHandler } from "@temporalio/workflow";

import { isPaid } from "../domain/payment.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { messageNames } from "./contract.ts";

const paymentFactSignal = defineSignal<[PaymentFact]>(messageNames.paymentFact);

/** What a checkout has heard of its payments. */
export type PaymentFacts = {
  hear(fact: PaymentFact): void;
  /** The first payment whose money is there for us, if any. */
  paid(): PaymentFact | undefined;
  /** The booking is being served with this payment. */
  using(paymentId: string): void;
  /** Payments whose money must go back: all but the one in use. */
  notServed(): PaymentFact[];
};

/** Providers repeat themselves and do not keep order: an event id counts once, and of a payment the best news counts. */
export function receivePaymentFacts(): PaymentFacts {
  const seen = new Set<string>();
  const paid: PaymentFact[] = [];
  let used: string | undefined;

  function hear(fact: PaymentFact): void {
    if (seen.has(fact.eventId)) return;
    seen.add(fact.eventId);
    const isNew = paid.every(({ paymentId }) => paymentId !== fact.paymentId);
    if (isPaid(fact) && isNew) paid.push(fact);
  }
  setHandler(paymentFactSignal, hear, {
    description: "Marquee itself: a payment provider's news about a payment of this checkout",
  });

  return {
    hear,
    paid: () => paid[0],
    using: (paymentId) => {
      used = paymentId;
    },
    // The undo list has already returned the payment in use if it bought nothing.
    notServed: () => paid.filter(({ paymentId }) => paymentId !== used),
  };
}
