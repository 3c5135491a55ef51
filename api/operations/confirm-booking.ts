import { setTimeout as delay } from "node:timers/promises";

import type {
  CheckoutClient,
  FactDelivery,
} from "../../adapters/checkout/create-checkout-client.ts";
import type { StoredBooking } from "../../adapters/postgres/bookings.ts";
import { listPayments } from "../../adapters/postgres/payments.ts";
import type { StoredPayment } from "../../adapters/postgres/payments.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { isPaid } from "../../domain/payment.ts";
import type { PaymentProvider } from "../../domain/payment.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";
import { tellPaymentFact } from "./tell-payment-fact.ts";

export type Confirmation = { outcome: "ticketed" | "pending"; booking: StoredBooking };

type Deps = {
  db: Queryable;
  checkouts: Pick<CheckoutClient, "deliverPaymentFact">;
  providers: PaymentProvider[];
};

/**
 * Finds out whether a booking is paid. The client is not believed: the provider is asked, and what it says goes to the
 * checkout as a webhook's news would. Throws when the booking has ended without tickets.
 */
export function createConfirmBooking(deps: Deps) {
  return async (own: OwnBooking): Promise<Confirmation> => {
    const booking = await readBooking(deps.db, own);
    if (isDecided(booking)) return confirmation(booking);

    const payments = await listPayments(deps.db, own);
    if (payments.length === 0) throw new DomainError("PAYMENT_NOT_FOUND");
    const told = await Promise.all(payments.map((payment) => tellWhatIsPaid(deps, payment)));
    if (booking.status === "held" && !told.includes("heard")) return confirmation(booking);

    for (const pauseMs of pausesMs) {
      const now = await readBooking(deps.db, own);
      if (isDecided(now)) return confirmation(now);
      await delay(pauseMs);
    }
    return confirmation(await readBooking(deps.db, own));
  };
}

type Told = FactDelivery | "nothing";

/** Three seconds together. A paid booking is mostly ticketed within the first hundred milliseconds. */
const pausesMs = [20, 30, 50, 100, 200, 300, 400, 500, 600, 800];

/** A provider or checkout that is away leaves the answer open; a webhook will bring it. */
async function tellWhatIsPaid(deps: Deps, payment: StoredPayment): Promise<Told> {
  const provider = deps.providers.find(({ name }) => name === payment.provider);
  if (provider === undefined || isSettled(payment)) return "nothing";
  try {
    const fact = await provider.look(payment);
    if (fact === "absent" || !isPaid(fact)) return "nothing";
    return await tellPaymentFact(deps, fact);
  } catch (error) {
    if (error instanceof DomainError) return "nothing";
    throw error;
  }
}

function isSettled({ status }: StoredPayment): boolean {
  return status === "voided" || status === "refunded" || status === "declined";
}

function isDecided({ status }: StoredBooking): boolean {
  return status === "ticketed" || status === "expired" || status === "cancelled";
}

function confirmation(booking: StoredBooking): Confirmation {
  if (booking.status === "ticketed") return { outcome: "ticketed", booking };
  if (booking.status === "expired") throw new DomainError("HOLD_EXPIRED");
  if (booking.status === "cancelled") throw new DomainError(cancelledCode(booking.endReason));
  return { outcome: "pending", booking };
}

function cancelledCode(reason: string | null) {
  if (reason === "amount_mismatch") return "PAYMENT_AMOUNT_MISMATCH";
  if (reason === "seats_lost") return "HOLD_LOST";
  if (reason === "card_limit") return "CARD_LIMIT_REACHED";
  if (reason === "capture_failed") return "PAYMENT_DECLINED";
  return "BOOKING_CLOSED";
}
