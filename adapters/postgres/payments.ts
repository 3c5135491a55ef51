import type { PaymentStatus } from "../../domain/booking.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { PaymentProviderName } from "../../domain/payment.ts";
import { hashCard } from "./hash-card.ts";
import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type OpenPaymentOutcome =
  | {
      outcome: "open";
      paymentId: string;
      /** `free` whatever was asked for, when there is nothing to pay. */
      provider: PaymentProviderName;
      attempt: number;
      amountMinor: number;
      currency: string;
    }
  | { outcome: "refused"; code: ErrorCode };

/** Opens a payment attempt for a live hold, or returns the one that is open. `paymentId` is used if a new one is made. */
export async function openPayment(
  db: Queryable,
  payment: BookingKey & {
    userId: string;
    paymentId: string;
    provider: PaymentProviderName;
    attemptsMax: number;
    /** Of where the buyer is, when that is known and counted. */
    networkDigest?: Buffer | undefined;
  },
): Promise<OpenPaymentOutcome> {
  const { rows } = await db.query<{ payment: OpenPaymentOutcome }>({
    name: "open_payment",
    text: "select open_payment_from($1, $2, $3, $4, $5, $6, $7) as payment",
    values: [
      payment.showId,
      payment.bookingId,
      payment.userId,
      payment.paymentId,
      payment.provider,
      payment.attemptsMax,
      payment.networkDigest ?? null,
    ],
  });
  return onlyRow(rows).payment;
}

export type PaymentKey = { showId: string; paymentId: string };

/** Remembers the provider's own id; the attempt is open from here on. A start that comes late changes nothing. */
export async function markPaymentStarted(
  db: Queryable,
  payment: PaymentKey & { providerPaymentId: string },
): Promise<void> {
  await db.query({
    name: "mark_payment_started",
    text: `update payments
        set provider_payment_id = $3, updated_at = now(), status = case status when 'creating' then 'open' else status end
      where show_id = $1 and payment_id = $2 and provider_payment_id is null`,
    values: [payment.showId, payment.paymentId, payment.providerPaymentId],
  });
}

/** The id by which the provider knows the money for as long as it may go back, once it is taken. */
export async function keepProviderPaymentId(
  db: Queryable,
  payment: PaymentKey & { providerPaymentId: string },
): Promise<void> {
  await db.query(
    `update payments set provider_payment_id = $3, updated_at = now()
      where show_id = $1 and payment_id = $2 and provider_payment_id is distinct from $3`,
    [payment.showId, payment.paymentId, payment.providerPaymentId],
  );
}

/** Keeps a digest of the card that has paid, as the provider calls it; undefined: none has. What is known stays. */
export async function keepCard(
  db: Queryable,
  payment: PaymentKey & { card: string | undefined },
): Promise<void> {
  await db.query(
    `update payments set card_digest = $3, updated_at = now()
      where show_id = $1 and payment_id = $2 and card_digest is null`,
    [payment.showId, payment.paymentId, hashCard(payment.showId, payment.card)],
  );
}

/** From `returning` on a payment buys nothing, whoever tries it and however late. `kept`: it has bought its booking. */
export async function returnPayment(
  db: Queryable,
  payment: PaymentKey,
): Promise<"kept" | "returning"> {
  const { rows } = await db.query<{ decided: "kept" | "returning" }>({
    name: "return_payment",
    text: "select return_payment($1, $2) as decided",
    values: [payment.showId, payment.paymentId],
  });
  return onlyRow(rows).decided;
}

/** No money will move any more. A captured payment is left alone: it can only be refunded. */
export async function markPaymentVoided(db: Queryable, payment: PaymentKey): Promise<void> {
  await db.query(
    `update payments set status = 'voided', updated_at = now()
      where show_id = $1 and payment_id = $2 and status in ('creating', 'open', 'authorised')`,
    [payment.showId, payment.paymentId],
  );
}

/** Writes down what the provider has taken, unless it is known. */
export async function recordCapture(
  db: Queryable,
  payment: PaymentKey & { capturedMinor: number },
): Promise<void> {
  await db.query("select record_capture($1, $2, $3)", [
    payment.showId,
    payment.paymentId,
    payment.capturedMinor,
  ]);
}

/** The customer's bank asks the money back, or has let go of it. While it does, a refund would pay twice. */
export async function markPaymentDisputed(
  db: Queryable,
  payment: PaymentKey & { isOpen: boolean },
): Promise<void> {
  await db.query(
    `update payments set disputed_at = case when $3 then now() end, updated_at = now()
      where show_id = $1 and payment_id = $2 and (disputed_at is not null) <> $3`,
    [payment.showId, payment.paymentId, payment.isOpen],
  );
}

export type StoredPayment = PaymentKey & {
  bookingId: string;
  provider: PaymentProviderName;
  providerPaymentId: string | null;
  status: PaymentStatus;
  attempt: number;
  amountMinor: number;
  currency: string;
};

const paymentColumns = `show_id as "showId", payment_id as "paymentId", booking_id as "bookingId", provider,
  provider_payment_id as "providerPaymentId", status, attempt, amount_minor::float8 as "amountMinor", currency`;

/** The attempts of a booking, first one first. */
export async function listPayments(db: Queryable, booking: BookingKey): Promise<StoredPayment[]> {
  const { rows } = await db.query<StoredPayment>({
    name: "list_payments",
    text: `select ${paymentColumns} from payments where show_id = $1 and booking_id = $2 order by attempt`,
    values: [booking.showId, booking.bookingId],
  });
  return rows;
}

export async function findPayment(
  db: Queryable,
  payment: PaymentKey,
): Promise<StoredPayment | undefined> {
  const { rows } = await db.query<StoredPayment>({
    name: "find_payment",
    text: `select ${paymentColumns} from payments where show_id = $1 and payment_id = $2`,
    values: [payment.showId, payment.paymentId],
  });
  return rows[0];
}

/** Payments that wait for their buyer, longer than `ageMs`; oldest first. */
export async function listOpenPayments(
  db: Queryable,
  options: { provider: PaymentProviderName; ageMs: number; limit: number },
): Promise<StoredPayment[]> {
  const { rows } = await db.query<StoredPayment>(
    `select ${paymentColumns} from payments
      where provider = $1 and status in ('creating', 'open') and created_at < now() - make_interval(secs => $2)
      order by created_at
      limit $3`,
    [options.provider, options.ageMs / 1_000, options.limit],
  );
  return rows;
}
