import { CancellationScope, condition, isCancellation } from "@temporalio/workflow";

import type { HeldSeats } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { durable, quick, surely } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { CheckoutInput, CheckoutResult } from "./contract.ts";
import { holdSecondsMax } from "./contract.ts";
import { answerReserve } from "./reserve-answer.ts";
import { receivePaymentFacts } from "./payment-facts.ts";
import type { PaymentFacts } from "./payment-facts.ts";
import { sentences } from "./sentences.ts";
import { UndoList } from "./undo-list.ts";

/**
 * One checkout, from the click on the seats to the tickets or to the seats going back:
 * hold → wait for an authorised payment until the hold ends → confirm → capture → tickets.
 * Whatever happens on the way, nobody's money is kept without tickets and no seat stays held for nobody.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const facts = receivePaymentFacts();
  const reserve = answerReserve(input.requestHash);
  const undo = new UndoList();
  let result: CheckoutResult;
  try {
    result = await sell(input, facts, reserve.answer, undo);
  } catch (error) {
    const reason = isCancellation(error) ? "cancelled" : "failed";
    announce("cancelled", `Stopped (${reason}). Giving back what was taken.`);
    await CancellationScope.nonCancellable(() => undo.run(reason));
    reserve.answer({ outcome: "refused", code: "UNAVAILABLE", seatIds: [] });
    result = { outcome: "cancelled", reason };
  }
  await CancellationScope.nonCancellable(async () => {
    await returnOtherPayments(facts);
    announce(result.outcome, sentences.ended(result));
    await reserve.finished();
  });
  return result;
}

async function sell(
  input: CheckoutInput,
  facts: PaymentFacts,
  answer: ReturnType<typeof answerReserve>["answer"],
  undo: UndoList,
): Promise<CheckoutResult> {
  const booking = { showId: input.showId, bookingId: input.bookingId };

  undo.push((reason) =>
    surely((run) => run.releaseBooking({ ...booking, ...cancelled(reason), confirmedToo: true })),
  );
  const hold = await quick.holdSeats(input);
  if (hold.outcome === "refused") return answer(hold);
  answer(hold);
  announce("held", sentences.held(hold));

  const payment = await paymentOrExpiry(input, hold, facts);
  if (payment === "expired") return { outcome: "expired" };

  facts.using(payment.paymentId);
  undo.push(() => durable.returnPayment(payment));
  const confirmed = await surely((run) => run.confirmBooking(payment));
  if (confirmed.outcome === "refused") return abandon(undo, confirmed.reason);

  announce("confirmed", sentences.paid(payment));
  const captured = await surely((run) => run.capturePayment(payment));
  if (captured.outcome === "failed") return abandon(undo, "capture_failed");

  const { tickets } = await surely((run) =>
    run.issueTickets({ ...booking, capturedMinor: captured.capturedMinor }),
  );
  return { outcome: "ticketed", tickets };
}

/**
 * Waits until a payment is authorised or the hold is over. At the end the provider is asked about every open payment
 * before the seats go back; while it does not answer the hold is extended, up to a cap.
 */
async function paymentOrExpiry(
  input: CheckoutInput,
  hold: HeldSeats,
  facts: PaymentFacts,
): Promise<PaymentFact | "expired"> {
  const booking = { showId: input.showId, bookingId: input.bookingId };
  let heldUntilMs = hold.heldUntilMs;
  for (;;) {
    await condition(() => facts.paid() !== undefined, Math.max(1, heldUntilMs - Date.now()), {
      summary: "hold ends",
    });
    // The boolean of `condition` is not trusted: a signal in the same task as the timer may still have won.
    const paid = facts.paid();
    if (paid !== undefined) return paid;

    const released = await surely((run) => run.releaseBooking({ ...booking, ...expired }));
    if (released.outcome !== "payments_open") return "expired";

    const settled = await durable.settlePayments(booking);
    if (settled.outcome === "paid") return settled.fact;
    if (settled.outcome === "unknown") {
      announce("payment_unknown", "The payment provider does not answer. The seats are kept.");
      const extended = await surely((run) =>
        run.extendHold({ ...booking, seconds: 60, secondsMax: holdSecondsMax }),
      );
      const over = extended.outcome === "refused" || extended.heldUntilMs <= Date.now();
      if (over) return giveUpWaiting(booking);
      heldUntilMs = extended.heldUntilMs;
    }
  }
}

/** The cap is reached and nobody knows whether the buyer has paid: the seats go back, the asking goes on elsewhere. */
async function giveUpWaiting(booking: { showId: string; bookingId: string }): Promise<"expired"> {
  await surely((run) => run.releaseBooking({ ...booking, ...expired, paymentsSettled: true }));
  await durable.returnPayments(booking);
  return "expired";
}

async function abandon(undo: UndoList, reason: string): Promise<CheckoutResult> {
  await CancellationScope.nonCancellable(() => undo.run(reason));
  return { outcome: "cancelled", reason };
}

/** A buyer who paid twice, or too late to be served, gets that money back before the checkout ends. */
async function returnOtherPayments(facts: PaymentFacts): Promise<void> {
  for (const fact of facts.notServed()) {
    await durable.returnPayment(fact);
  }
}

const expired = {
  status: "expired",
  reason: "hold_ended",
  paymentsSettled: false,
  confirmedToo: false,
} as const;

function cancelled(reason: string) {
  return { status: "cancelled", reason, paymentsSettled: true } as const;
}
