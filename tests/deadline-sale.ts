import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

import { findBooking } from "../adapters/postgres/bookings.ts";
import { holdSeats } from "../adapters/postgres/holds.ts";
import { checkoutWorkflowId } from "../domain/ids.ts";
import type { PaymentProvider } from "../domain/payment.ts";
import type { CheckoutHouse } from "./checkout-house.ts";
import { plantShowLike } from "./plant-show.ts";
import { quickFact } from "./quick-provider.ts";
import type { QuickProvider } from "./quick-provider.ts";
import type { ServerClock } from "./server-clock.ts";

/** How the money comes, around which moment, and how long after its end a hold is still its buyer's. */
export type Way = {
  name: string;
  status: "authorised" | "captured";
  isTold: boolean;
  graceSeconds: number;
  around: "the hold's end" | "the provider's answer";
};

export type DeadlineSale = {
  way: Way;
  offsetMs: number;
  showId: string;
  paymentId: string;
  /** A payment that is void already cannot be paid any more. */
  isPaid: boolean;
  paidAtMs: number;
  /** Somebody else has the seats. */
  isLost: boolean;
  status: string;
};

export type DeadlineStage = {
  house: CheckoutHouse;
  provider: QuickProvider;
  asked: EventTarget;
  template: string;
  clock: ServerClock;
};

/** Long enough to begin a payment on a busy machine. */
const holdSeconds = 10;

/** So long a provider that is asked takes to answer: what is paid meanwhile is in its answer. */
const answerMs = 60;

/**
 * A hold with a payment that can be paid. `end` lets its buyer pay so many milliseconds after the moment, and another one take the
 * seats over as soon as they can be had.
 */
export async function openDeadlineSale(
  stage: DeadlineStage,
  { way, offsetMs }: { way: Way; offsetMs: number },
): Promise<{ end(): Promise<DeadlineSale> }> {
  const { house, template, clock } = stage;
  const showId = await plantShowLike(house.db, template);
  const booking = { showId, bookingId: randomUUID(), userId: randomUUID() };
  const times = { holdSeconds, holdSecondsMax: holdSeconds, graceSeconds: way.graceSeconds };
  const { heldUntilMs } = await house.reserve({ ...booking, seatIds: ["A1", "A2"] }, times);
  const { paymentId, amount } = await house.startPayment(booking);
  const payment = { ...booking, ...amount, paymentId };

  const asked = once(stage.asked, paymentId);
  async function pay() {
    if (way.around === "the hold's end") await clock.at(heldUntilMs + offsetMs);
    else await asked.then(() => delay(answerMs + offsetMs));
    const paidAtMs = clock.nowMs() - heldUntilMs;
    const isPaid =
      way.status === "authorised"
        ? stage.provider.authorise(paymentId)
        : stage.provider.captureByHand(paymentId);
    const fact = quickFact("stripe", payment, way.status);
    if (isPaid && way.isTold) await house.acceptNews({ kind: "payment", fact });
    return { isPaid, paidAtMs };
  }

  let isOver = false;
  async function beOver() {
    await house.temporal.workflow.getHandle(checkoutWorkflowId(booking.bookingId)).result();
    isOver = true;
  }
  async function takeOver(): Promise<boolean> {
    await clock.at(heldUntilMs);
    const rival = { showId, bookingId: randomUUID(), userId: randomUUID() };
    for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, 160)) {
      const isLastTry = isOver;
      const { outcome } = await holdSeats(house.db, {
        ...{ ...rival, seatIds: ["A1", "A2"], requestHash: "hash", deadlineMs: 0 },
        // Alive for longer than the auditor looks ahead.
        ...{ holdSeconds: 86_400, graceSeconds: way.graceSeconds },
      });
      if (outcome === "held" || isLastTry) return outcome === "held";
      await delay(pauseMs);
    }
  }

  return {
    async end() {
      const [paid, isLost] = await Promise.all([pay(), takeOver(), beOver()]);
      const status = (await findBooking(house.db, booking))?.status ?? "absent";
      return { way, offsetMs, showId, paymentId, ...paid, isLost, status };
    },
  };
}

/** Says that it is asked, and answers a little later. */
export function hesitant(provider: QuickProvider, asked: EventTarget): PaymentProvider {
  return {
    ...provider,
    async look(payment) {
      asked.dispatchEvent(new Event(payment.paymentId));
      await delay(answerMs);
      return provider.look(payment);
    },
  };
}
