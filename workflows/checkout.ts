import { CancellationScope, condition, isCancellation, patched } from "@temporalio/workflow";

import type { PaymentFact } from "../domain/payment.ts";
import { durable, quickly, surely } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { CheckoutInput, CheckoutResult } from "./contract.ts";
import { receiveHoldRequests } from "./hold-requests.ts";
import type { HoldRequests } from "./hold-requests.ts";
import { receivePaymentFacts } from "./payment-facts.ts";
import type { PaymentFacts } from "./payment-facts.ts";
import { answerReserve } from "./reserve-answer.ts";
import { returnMoney } from "./return-money.ts";
import { sentences } from "./sentences.ts";
import { startLatePayment } from "./start-children.ts";
import { receiveSupportRequests } from "./support-hold-requests.ts";
import { UndoList } from "./undo-list.ts";

type Heard = {
  facts: PaymentFacts;
  reserve: ReturnType<typeof answerReserve>;
  requests: HoldRequests;
};

/**
 * One checkout, from the click on the seats to the tickets or to the seats going back:
 * hold → wait for an authorised payment until the hold ends → confirm → capture → tickets.
 * Whatever happens on the way, nobody's money is kept without tickets and no seat stays held for nobody.
 */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  const booking = { showId: input.showId, bookingId: input.bookingId };
  const facts = receivePaymentFacts();
  const reserve = answerReserve(input.requestHash);
  const requests = receiveHoldRequests(input, (hold) => {
    reserve.changed(hold);
    announce("held", sentences.changed(hold));
  });
  receiveSupportRequests(booking, requests, facts);
  const undo = new UndoList();

  let result: CheckoutResult;
  try {
    result = await sell(input, { facts, reserve, requests }, undo);
  } catch (error) {
    const reason = isCancellation(error) ? "cancelled" : "failed";
    announce("cancelled", `Stopped (${reason}). Giving back what was taken.`);
    await CancellationScope.nonCancellable(() => undo.run(reason));
    reserve.answer({ outcome: "refused", code: "UNAVAILABLE", seatIds: [] });
    result = { outcome: "cancelled", reason };
  }
  await CancellationScope.nonCancellable(async () => {
    requests.ended(result.outcome === "cancelled");
    for (const fact of facts.notServed()) await startLatePayment(fact);
    announce(result.outcome, sentences.ended(result));
    await reserve.finished();
  });
  return result;
}

async function sell(
  input: CheckoutInput,
  { facts, reserve, requests }: Heard,
  undo: UndoList,
): Promise<CheckoutResult> {
  const booking = { showId: input.showId, bookingId: input.bookingId };
  const release = (reason: string) =>
    surely((run) => run.releaseBooking({ ...booking, ...cancelled(reason), confirmedToo: true }));

  undo.push(async (reason) => {
    const released = await release(reason);
    // Only now, when the payment in use has gone back: nobody shall pay for seats that are gone. Older checkouts left it to late money.
    if (released.outcome !== "released" || released.openPayments === 0) return;
    if (!patched("undo-settles-payments")) return;
    requests.ended(true);
    await settleUntilKnown(booking, facts);
  });
  const hold = await quickly((run) => run.holdSeats(input));
  if (hold.outcome === "refused") return reserve.answer(hold);
  reserve.answer(hold);
  requests.opened(hold.heldUntilMs);
  announce("held", sentences.held(hold));

  const payment = await paymentOrEnd(booking, facts, requests);
  if (!("paymentId" in payment)) return payment;
  facts.using(payment.paymentId);

  undo.push(() => returnMoney(payment));
  // Before the money: a payment that a confirmed booking stands on is not given back.
  undo.push(release);
  const confirmed = await surely((run) => run.confirmBooking(payment));
  if (confirmed.outcome === "refused") return abandon(undo, confirmed.reason);
  announce("confirmed", sentences.paid(payment));

  const captured = await surely((run) => run.capturePayment(payment));
  if (captured.outcome === "failed") return abandon(undo, "capture_failed");
  const { capturedMinor } = captured;
  const sale = { ...booking, capturedMinor, userId: input.userId };
  return CancellationScope.nonCancellable(() => handOver(sale, facts));
}

/** The money is taken: there is no way back from here, for whoever cancels the workflow now. */
async function handOver(
  sale: { showId: string; bookingId: string; capturedMinor: number; userId: string },
  facts: PaymentFacts,
): Promise<CheckoutResult> {
  const { tickets, openPayments } = await surely((run) => run.issueTickets(sale));
  // The buyer had changed their mind about how to pay: nobody shall pay the other way as well.
  if (openPayments > 0) await settleUntilKnown(sale, facts);
  return { outcome: "ticketed", tickets };
}

/**
 * Waits until a payment is authorised, the seats are given back, or the hold is over. At the end the provider is asked about
 * every open payment before the seats go back; while it does not answer the hold is extended, up to a cap.
 */
async function paymentOrEnd(
  booking: { showId: string; bookingId: string },
  facts: PaymentFacts,
  requests: HoldRequests,
): Promise<PaymentFact | CheckoutResult> {
  for (;;) {
    await newsOrHoldEnd(facts, requests);
    const paid = facts.paid();
    const cancelledBy = requests.cancelledBy();
    const isOver = requests.heldUntilMs() <= Date.now();
    if (paid === undefined && cancelledBy === undefined && !isOver) continue;
    await requests.close();
    if (paid !== undefined) return paid;
    if (cancelledBy !== undefined) return giveSeatsBack(booking, facts, requests, cancelledBy);
    // Extended while the request for it was being ended.
    if (requests.heldUntilMs() > Date.now()) {
      requests.opened(requests.heldUntilMs());
      continue;
    }

    const settled = await expire(booking, facts);
    if (settled !== "unknown") return settled;
    announce("payment_unknown", "The payment provider does not answer. The seats are kept.");
    const extended = await surely((run) =>
      run.extendHold({ ...booking, seconds: 60, secondsMax: requests.holdSecondsMax }),
    );
    if (extended.outcome === "refused" || extended.heldUntilMs <= Date.now()) {
      return giveUpWaiting(booking, facts);
    }
    requests.opened(extended.heldUntilMs);
  }
}

/** Releases what nobody pays for. A payment that was begun is asked about first, and may turn out to be paid. */
async function expire(
  booking: { showId: string; bookingId: string },
  facts: PaymentFacts,
): Promise<PaymentFact | CheckoutResult | "unknown"> {
  for (;;) {
    const released = await surely((run) => run.releaseBooking({ ...booking, ...expired }));
    if (released.outcome !== "payments_open") {
      // The seats went back before: the buyer's wish for that came with a task which was lost after it had released them.
      const isLeftOpen = released.outcome === "released" && released.openPayments > 0;
      if (isLeftOpen && patched("lost-release-settles-payments")) {
        await settleUntilKnown(booking, facts);
      }
      return { outcome: "expired" };
    }
    const settled = await durable.settlePayments(booking);
    if (settled.outcome === "known") settled.paid.forEach(facts.hear);
    // Its signal may have come while the question was on its way.
    const paid = facts.paid();
    if (paid !== undefined) return paid;
    if (settled.outcome === "unknown") return "unknown";
  }
}

async function newsOrHoldEnd(facts: PaymentFacts, requests: HoldRequests): Promise<void> {
  const heldUntilMs = requests.heldUntilMs();
  await condition(
    () =>
      facts.paid() !== undefined ||
      requests.cancelledBy() !== undefined ||
      requests.heldUntilMs() !== heldUntilMs,
    Math.max(1, heldUntilMs - Date.now()),
    { summary: "hold ends" },
  );
}

/** The buyer's or support's wish: the seats first, then whatever a payment has begun. */
async function giveSeatsBack(
  booking: { showId: string; bookingId: string },
  facts: PaymentFacts,
  requests: HoldRequests,
  by: string,
): Promise<CheckoutResult> {
  const released = await surely((run) =>
    run.releaseBooking({ ...booking, ...cancelled(by), confirmedToo: false }),
  );
  requests.ended(true);
  if (released.outcome === "released" && released.openPayments > 0) {
    await settleUntilKnown(booking, facts);
  }
  return { outcome: "cancelled", reason: by };
}

/** The cap is reached and nobody knows whether the buyer has paid: the seats go back, the asking goes on. */
async function giveUpWaiting(
  booking: { showId: string; bookingId: string },
  facts: PaymentFacts,
): Promise<CheckoutResult> {
  await surely((run) => run.releaseBooking({ ...booking, ...expired, paymentsSettled: true }));
  await settleUntilKnown(booking, facts);
  return { outcome: "expired" };
}

/** Closes every open payment, however long its provider takes to answer. Money that is found is late money. */
async function settleUntilKnown(
  booking: { showId: string; bookingId: string },
  facts: PaymentFacts,
): Promise<void> {
  const { showId, bookingId } = booking;
  const paid = await durable.settleAllPayments({ showId, bookingId });
  paid.forEach(facts.hear);
}

async function abandon(undo: UndoList, reason: string): Promise<CheckoutResult> {
  await CancellationScope.nonCancellable(() => undo.run(reason));
  return { outcome: "cancelled", reason };
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
