import { CancellationScope } from "@temporalio/workflow";

import { durable } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { LatePaymentInput, LatePaymentResult } from "./contract.ts";
import { returnMoney } from "./return-money.ts";

/**
 * Money that came when its checkout was over. It buys the same seats if they are still free, or equal ones side by side where
 * the organiser allows that; else it goes back. Nothing stops this half-way.
 */
export async function latePayment(input: LatePaymentInput): Promise<LatePaymentResult> {
  const result = await CancellationScope.nonCancellable(() => sellOrReturn(input));
  announce(result.outcome === "ticketed" ? "ticketed" : "refunded", endings[result.outcome]);
  return result;
}

async function sellOrReturn({ fact }: LatePaymentInput): Promise<LatePaymentResult> {
  const booking = { showId: fact.showId, bookingId: fact.bookingId };
  const revived = await durable.reviveBooking(fact);
  if (revived.outcome === "confirmed") {
    const captured = await durable.capturePayment(fact);
    if (captured.outcome === "captured") {
      await durable.issueTickets({ ...booking, capturedMinor: captured.capturedMinor });
      return { outcome: "ticketed" };
    }
    await durable.releaseBooking({ ...booking, ...captureFailed });
  }
  return { outcome: await returnMoney(fact) };
}

const captureFailed = {
  status: "cancelled",
  reason: "capture_failed",
  paymentsSettled: true,
  confirmedToo: true,
} as const;

const endings = {
  ticketed: "The payment came late, but its seats were still free. Tickets issued.",
  voided: "The payment came late. It was voided: no money has moved.",
  refunding: "The payment came late. A refund of its own gives it back.",
  refunded: "The payment came late. It had been given back already.",
  kept: "The payment has bought the tickets of this booking. Nothing to do.",
} as const;
