import { randomUUID } from "node:crypto";

import { changeHold } from "../adapters/postgres/change-hold.ts";
import * as holds from "../adapters/postgres/holds.ts";
import { sweepHold } from "../adapters/postgres/overdue-holds.ts";
import {
  markPaymentEventSignalled,
  storePaymentEvent,
} from "../adapters/postgres/payment-events.ts";
import { markPaymentVoided, recordCapture } from "../adapters/postgres/payments.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { openStrayRefund, recordRefund, refundTickets } from "../adapters/postgres/refunds.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking, openBookingPayment, sellBooking } from "./sell-booking.ts";
import type { HeldBooking } from "./sell-booking.ts";

// What people and checkouts do to a show of their own. Each goes well as long as the statements are right, and breaks no promise.

type PaidBooking = HeldBooking & { paymentId: string };

export async function released(db: Queryable): Promise<void> {
  await release(db, await holdBooking(db, await wish(db)));
}

export async function held(db: Queryable): Promise<void> {
  await begun(db);
}

export async function heldAndLeft(db: Queryable): Promise<void> {
  await holdBooking(db, await wish(db));
}

export async function heldAndSweptAtOnce(db: Queryable): Promise<void> {
  await sweepHold(db, {
    ...(await holdBooking(db, await wish(db))),
    graceSeconds: 120,
    paymentsSettled: false,
  });
}

export async function confirmed(db: Queryable): Promise<void> {
  await holds.confirmBooking(db, await begun(db));
}

export async function sold(db: Queryable): Promise<void> {
  await sellBooking(db, await wish(db));
}

export async function extended(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await holds.extendHold(db, { ...booking, seconds: 300, secondsMax: 1_200 });
}

export async function changed(db: Queryable): Promise<void> {
  await change(db, await holdBooking(db, await wish(db)), { add: ["A3", "A4"], drop: ["A1"] });
}

export async function changedWhilePaid(db: Queryable): Promise<void> {
  await change(db, await begun(db), { add: ["A3"], drop: [] });
}

export async function changedToSeatsOfOthers(db: Queryable): Promise<void> {
  const booking = await holdBooking(db, await wish(db));
  await holdBooking(db, { showId: booking.showId, seatIds: ["A3", "A4"] });
  await change(db, booking, { add: ["A3"], drop: [] });
}

function change(db: Queryable, booking: HeldBooking, seats: { add: string[]; drop: string[] }) {
  const { showId, bookingId } = booking;
  return changeHold(db, { showId, bookingId, ...seats, graceSeconds: 120 });
}

/** Sixteen at once on one seat, five times. */
export async function raceForSeats(db: Queryable): Promise<void> {
  const { showId } = await wish(db);
  for (const seatId of ["A1", "A2", "A3", "A4", "A5"]) {
    await Promise.all(
      Array.from({ length: 16 }, () => tryToHold(db, { showId, seatIds: [seatId] })),
    );
  }
}

export async function heldPastTheLimit(db: Queryable): Promise<void> {
  const { showId } = await wish(db);
  const { userId } = await holdBooking(db, { showId, seatIds: ["A1", "A2", "A3"] });
  await tryToHold(db, { showId, userId, seatIds: ["A4", "A5"] });
}

/** The buyer has more seats in another booking, so that a count that goes too low does not fall below nothing. */
export async function takenOverThenReleased(db: Queryable): Promise<void> {
  const booking = await begun(db);
  const { showId, userId } = booking;
  await holdBooking(db, { showId, userId, seatIds: ["A3", "A4"] });
  await endHold(db, booking, pastTheGrace);
  await holdBooking(db, { showId, seatIds: ["A1"] });
  await release(db, booking);
  await markPaymentVoided(db, booking);
}

export async function takenOverThenPaid(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await endHold(db, booking, pastTheGrace);
  await holdBooking(db, { ...booking, userId: randomUUID() });
  await pay(db, booking);
}

export async function wantedInItsGrace(db: Queryable): Promise<void> {
  await wantedWhenJustEnded(db);
}

export async function wantedInItsGraceThenReleased(db: Queryable): Promise<void> {
  await release(db, await wantedWhenJustEnded(db));
}

async function wantedWhenJustEnded(db: Queryable): Promise<HeldBooking> {
  const booking = await begun(db);
  await endHold(db, booking, 0);
  await tryToHold(db, { ...booking, userId: randomUUID() });
  return booking;
}

/** The provider takes the money at once, and its news comes when the hold is over. */
export async function paidAtTheEndOfTheHold(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await endHold(db, booking, 0);
  const ending = { ...booking, status: "expired", reason: "hold_ended" } as const;
  const open = { paymentsSettled: false, confirmedToo: false };
  const ended = await holds.releaseBooking(db, { ...ending, ...open });
  const provider = "stripe";
  const fact = { ...booking, eventId: randomUUID(), provider, status: "captured" } as const;
  await storePaymentEvent(db, fact);
  await markPaymentEventSignalled(db, fact);
  if (ended.outcome === "payments_open") await pay(db, booking);
}

/** Its seats have been sold to somebody else since; the money goes back. */
export async function paidWhenSoldToAnother(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await release(db, booking);
  await sellBooking(db, { ...booking, userId: randomUUID() });
  const revived = await holds.reviveBooking(db, booking);
  if (revived.outcome === "refused") await markPaymentVoided(db, booking);
}

export async function paidTooLateAndReturnedTwice(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await release(db, booking);
  await recordCapture(db, { ...booking, capturedMinor: booking.amountMinor });
  await openStrayRefund(db, { ...booking, cause: "stray" });
  await openStrayRefund(db, { ...booking, cause: "stray" });
}

/** Once by each of two ways to pay; the second payment goes back. */
export async function paidTwice(db: Queryable): Promise<void> {
  const booking = await begun(db);
  const paymentId = randomUUID();
  await db.query(
    `insert into payments (show_id, payment_id, booking_id, attempt, provider, status, amount_minor, currency, created_at, updated_at)
     select show_id, $2, booking_id, 2, 'paypal', 'open', amount_minor, currency, now(), now()
     from payments where payment_id = $1`,
    [booking.paymentId, paymentId],
  );
  await pay(db, booking);
  await recordCapture(db, { ...booking, paymentId, capturedMinor: booking.amountMinor });
  await openStrayRefund(db, { ...booking, paymentId, cause: "stray" });
}

export async function paidTooLittle(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await pay(db, { ...booking, amountMinor: booking.amountMinor - 1 });
}

export async function issuedUnpaid(db: Queryable): Promise<void> {
  const booking = await begun(db);
  await holds.issueTickets(db, { ...booking, capturedMinor: booking.amountMinor });
}

/** The answer to the first try was lost. */
export async function issuedTwice(db: Queryable): Promise<void> {
  const booking = await sellBooking(db, await wish(db));
  await holds.issueTickets(db, { ...booking, capturedMinor: booking.amountMinor });
}

/** The webhook of the capture comes when everything is done, and is stored. */
export async function soldAndHeardOf(db: Queryable): Promise<void> {
  const booking = await sellBooking(db, await wish(db));
  const news = { eventId: randomUUID(), provider: "stripe", status: "captured" } as const;
  await storePaymentEvent(db, { ...booking, ...news });
}

export async function givenBack(db: Queryable): Promise<void> {
  const booking = await sellBooking(db, await wish(db));
  await refundTickets(db, { ...booking, cause: "buyer:1", withFees: false, seatIds: undefined });
}

export async function partlyGivenBackAndHeardOfTwice(db: Queryable): Promise<void> {
  const booking = await sellBooking(db, await wish(db));
  const { showId } = booking;
  const opened = await refundTickets(db, {
    ...booking,
    cause: "buyer:1",
    withFees: false,
    seatIds: ["A1"],
  });
  if (opened.outcome !== "open") throw new Error(`Not opened: ${opened.outcome}`);
  const state = { status: "succeeded", providerRefundId: "re_1" } as const;
  const news = { showId, refundId: opened.refundId, attempt: 1, state };
  await recordRefund(db, news);
  await recordRefund(db, news);
}

async function wish(db: Queryable): Promise<{ showId: string; seatIds: string[] }> {
  return { showId: await plantShow(db, { seatsPerBuyerMax: 4 }), seatIds: ["A1", "A2"] };
}

async function begun(db: Queryable): Promise<PaidBooking> {
  return openBookingPayment(db, await holdBooking(db, await wish(db)));
}

/** Whoever is refused goes away. */
async function tryToHold(db: Queryable, wanted: Parameters<typeof holdBooking>[1]): Promise<void> {
  await holdBooking(db, wanted).catch((error: Error) => {
    if (!error.message.startsWith("Not held")) throw error;
  });
}

/** Longer than the two minutes in which nobody else may take the seats. */
const pastTheGrace = 130;

/** As if the time of the hold had passed. */
async function endHold(
  db: Queryable,
  { bookingId }: HeldBooking,
  secondsAgo: number,
): Promise<void> {
  await db.query(
    `with seats as (
       update show_seats set held_until = now() - make_interval(secs => $2) where booking_id = $1
     )
     update bookings set held_until = now() - make_interval(secs => $2) where booking_id = $1`,
    [bookingId, secondsAgo],
  );
}

async function release(db: Queryable, booking: HeldBooking): Promise<void> {
  const ending = { status: "expired", reason: "hold_ended", paymentsSettled: true } as const;
  await holds.releaseBooking(db, { ...booking, ...ending, confirmedToo: false });
}

/** What a checkout does once the money is there, or once it knows that it cannot use it. */
async function pay(db: Queryable, booking: PaidBooking): Promise<void> {
  const { outcome } = await holds.confirmBooking(db, booking);
  if (outcome === "confirmed") {
    await holds.issueTickets(db, { ...booking, capturedMinor: booking.amountMinor });
    return;
  }
  await release(db, booking);
  await markPaymentVoided(db, booking);
}
