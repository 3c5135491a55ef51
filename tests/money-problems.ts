import { bind, checksFor } from "../adapters/postgres/audit/find-violations.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { ProviderPaymentStatus, RefundState } from "../domain/payment.ts";

/** One payment in a provider's own books. */
export type Charge = {
  paymentId: string;
  bookingId: string;
  status: ProviderPaymentStatus;
  amountMinor: number;
  currency: string;
  capturedMinor: number;
  captures: number;
  refunds: {
    refundId: string;
    attempt: number;
    amountMinor: number;
    status: RefundState["status"];
  }[];
};

/**
 * What is wrong with a show when everything has come to its end: its rows, as the auditor sees them an hour later, and against
 * the providers' books. Each line begins with the promise that it breaks (docs/audit.md).
 */
export async function moneyProblems(
  db: Queryable,
  showId: string,
  charges: Charge[],
): Promise<string[]> {
  const [violations, payments] = await Promise.all([
    db.query<{ violation: string }>(auditStatement(showId)),
    db.query<PaymentRow>({ name: "payment_rows", text: paymentRows, values: [showId] }),
  ]);
  const known = new Set(payments.rows.map(({ paymentId }) => paymentId));
  const unknown = charges.filter(({ paymentId }) => !known.has(paymentId));
  const doubled = charges.filter(
    ({ paymentId }, index) => charges.findIndex((one) => one.paymentId === paymentId) < index,
  );
  return [
    ...violations.rows.map(({ violation }) => violation),
    ...unknown.map(({ paymentId }) => `I5 a charge that no row knows: ${paymentId}`),
    ...doubled.map(({ paymentId }) => `I5 two charges for payment ${paymentId}`),
    ...payments.rows.flatMap((row) => chargeProblems(row, charges)),
  ];
}

/** All checks of the auditor in one statement, which a connection plans once: two thousand shows are looked at one by one. */
const auditChecks = checksFor({ outbox: "kept" })
  .map(
    ({ promise, sql }) =>
      `select format('${promise} booking %s: %s', booking_id, what) as violation from (${sql}) broken`,
  )
  .join(" union all ");

function auditStatement(showId: string) {
  const later = new Date(Date.now() + 3_600_000);
  const { text, values } = bind(auditChecks, {
    shows: [showId],
    now: later,
    settledBefore: later,
    holdEndedBefore: later,
    grace: 0,
    recentAfter: new Date(0),
    refundIdleBefore: later,
    refundPendingBefore: later,
  });
  return { name: "audit", text, values };
}

type PaymentRow = {
  paymentId: string;
  bookingId: string;
  capturedMinor: number;
  refundedMinor: number;
  /** The sum that the booking keeps for its tickets and fees; zero for a payment that bought nothing. */
  earnedMinor: number;
};

function chargeProblems(row: PaymentRow, charges: Charge[]): string[] {
  const charge = charges.find(({ paymentId }) => paymentId === row.paymentId);
  const name = `payment ${row.paymentId} of booking ${row.bookingId}`;
  if (charge === undefined) {
    return row.capturedMinor > 0 ? [`I6 ${name}: captured here, unknown to the provider`] : [];
  }
  const live = charge.refunds.filter(({ status }) => status !== "failed");
  const refundedMinor = live.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const keptMinor = charge.capturedMinor - refundedMinor;
  const problems = {
    [`I2 ${name}: ${keptMinor} kept, ${row.earnedMinor} earned`]: keptMinor !== row.earnedMinor,
    [`I2 ${name}: money is set aside for nothing`]: charge.status === "authorised",
    [`I2 ${name}: it can still be paid`]: charge.status === "open",
    [`I5 ${name}: captured ${charge.captures} times`]: charge.captures > 1,
    [`I5 ${name}: one refund twice`]: hasTwice(live.map(({ refundId }) => refundId)),
    [`I6 ${name}: captured ${charge.capturedMinor}, written down ${row.capturedMinor}`]:
      charge.capturedMinor !== row.capturedMinor,
    [`I6 ${name}: refunded ${refundedMinor}, written down ${row.refundedMinor}`]:
      refundedMinor !== row.refundedMinor,
  };
  return Object.keys(problems).filter((problem) => problems[problem]);
}

function hasTwice(ids: string[]): boolean {
  return new Set(ids).size < ids.length;
}

const paymentRows = `
  select payment.payment_id as "paymentId", payment.booking_id as "bookingId",
    payment.captured_minor::float8 as "capturedMinor", payment.refunded_minor::float8 as "refundedMinor",
    case when booking.payment_id = payment.payment_id and booking.status in ('ticketed', 'refunded') then
      (select sum(amount_minor + fee_minor) from booking_seats seat
         where seat.show_id = booking.show_id and seat.booking_id = booking.booking_id)
      - (select coalesce(sum(amount_minor + fee_minor), 0) from refund_seats seat
           where seat.show_id = booking.show_id and seat.booking_id = booking.booking_id)
    else 0 end::float8 as "earnedMinor"
  from payments payment join bookings booking using (show_id, booking_id)
  where payment.show_id = $1`;
