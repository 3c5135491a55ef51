import type { ErrorCode } from "../../domain/errors.ts";
import type { PaymentProviderName, RefundState } from "../../domain/payment.ts";
import type { RefundCause, RefundKey, RefundStatus } from "../../domain/refund.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { PaymentKey } from "./payments.ts";
import type { Queryable } from "./pool.ts";

/**
 * `nothing_to_pay`: the tickets are void and were free. `refundId` names the refund of this cause, new or known. A refusal has
 * `seatIds` where it is about some of them.
 */
export type RefundTicketsOutcome =
  | { outcome: "open" | "nothing_to_pay"; refundId: string; amountMinor: number; seatIds: string[] }
  | { outcome: "refused"; code: ErrorCode; seatIds?: string[] };

/**
 * Gives up seats of a ticketed booking, all live ones if `seatIds` is left out: tickets void, seats on sale, refund opened, in
 * one transaction. Repeating it under the same cause finds the same refund.
 */
export async function refundTickets(
  db: Queryable,
  refund: BookingKey & {
    cause: RefundCause;
    seatIds?: string[] | undefined;
    withFees: boolean;
  },
  tell?: TellSeats,
): Promise<RefundTicketsOutcome> {
  return callWithNews(
    db,
    {
      name: "refund_tickets",
      text: "select refund_tickets_with_news($1, $2, $3, $4, $5) as told",
      values: [
        refund.showId,
        refund.bookingId,
        refund.cause,
        refund.seatIds ?? null,
        refund.withFees,
      ],
    },
    tell,
    refund.bookingId,
  );
}

/** `in_use`: the payment has bought tickets, so this is no stray. `nothing_left`: it is all given back, or never came. */
export type StrayRefundOutcome =
  | { outcome: "open"; refundId: string; amountMinor: number }
  | { outcome: "in_use" | "nothing_left" };

/** Opens the refund of what is left of a captured payment that bought nothing. Repeatable. */
export async function openStrayRefund(
  db: Queryable,
  refund: PaymentKey & { cause: RefundCause },
): Promise<StrayRefundOutcome> {
  const { rows } = await db.query<{ opened: StrayRefundOutcome }>({
    name: "open_stray_refund",
    text: "select open_stray_refund($1, $2, $3) as opened",
    values: [refund.showId, refund.paymentId, refund.cause],
  });
  return onlyRow(rows).opened;
}

/**
 * Writes down what the provider says of one attempt and returns where the refund stands then. A failed attempt makes the refund
 * `requested` again under the next one. `settled`: support has given the money back in another way.
 */
export async function recordRefund(
  db: Queryable,
  refund: RefundKey & {
    attempt: number;
    state: RefundState | { status: "settled"; providerRefundId: null };
  },
): Promise<{ status: RefundStatus; attempt: number }> {
  const { state } = refund;
  const { rows } = await db.query<{ recorded: { status: RefundStatus; attempt: number } }>({
    name: "record_refund",
    text: "select record_refund($1, $2, $3, $4, $5, $6) as recorded",
    values: [
      refund.showId,
      refund.refundId,
      refund.attempt,
      state.status,
      state.providerRefundId,
      state.status === "failed" ? (state.reason ?? "provider") : null,
    ],
  });
  return onlyRow(rows).recorded;
}

export type StoredRefund = RefundKey & {
  bookingId: string;
  paymentId: string;
  provider: PaymentProviderName;
  cause: RefundCause;
  amountMinor: number;
  currency: string;
  status: RefundStatus;
  attempt: number;
  providerRefundId: string | null;
};

const refundColumns = `refund.show_id as "showId", refund.refund_id as "refundId", refund.booking_id as "bookingId",
  refund.payment_id as "paymentId", payment.provider, refund.cause, refund.amount_minor::float8 as "amountMinor",
  refund.currency, refund.status, refund.attempt, refund.provider_refund_id as "providerRefundId"`;
const refundTables = `refunds refund
  join payments payment on payment.show_id = refund.show_id and payment.payment_id = refund.payment_id`;

export async function findRefund(
  db: Queryable,
  refund: RefundKey,
): Promise<StoredRefund | undefined> {
  const { rows } = await db.query<StoredRefund>(
    `select ${refundColumns} from ${refundTables} where refund.show_id = $1 and refund.refund_id = $2`,
    [refund.showId, refund.refundId],
  );
  return rows[0];
}

/** What was given back of a booking for this cause already; undefined when nothing was. */
export async function findRefundOfCause(
  db: Queryable,
  { showId, bookingId, cause }: BookingKey & { cause: RefundCause },
): Promise<Extract<RefundTicketsOutcome, { refundId: string }> | undefined> {
  const { rows } = await db.query<{ refundId: string; amountMinor: number; seatIds: string[] }>(
    `select refund_id as "refundId", amount_minor::float8 as "amountMinor",
       array(select seat_id from refund_seats seat
               where seat.show_id = refund.show_id and seat.refund_id = refund.refund_id order by seat_id) as "seatIds"
     from refunds refund
     where show_id = $1 and booking_id = $2 and cause = $3
     union all
     select refund_id, 0, array_agg(seat_id order by seat_id)
     from refund_seats
     where show_id = $1 and refund_id = free_refund_id($2, $3)
     group by refund_id`,
    [showId, bookingId, cause],
  );
  const [refund] = rows;
  return refund && { outcome: refund.amountMinor > 0 ? "open" : "nothing_to_pay", ...refund };
}

/** The seats that a refund gave up; none for money that bought nothing. */
export async function listRefundSeats(db: Queryable, refund: RefundKey): Promise<string[]> {
  const { rows } = await db.query<{ seatId: string }>(
    `select seat_id as "seatId" from refund_seats where show_id = $1 and refund_id = $2 order by seat_id`,
    [refund.showId, refund.refundId],
  );
  return rows.map(({ seatId }) => seatId);
}

/**
 * Refunds that nobody has moved: never sent for `ageMs`, because the process that opened them may have died before it could say
 * so, or sent and not heard of for `sentAgeMs`.
 */
export async function listIdleRefunds(
  db: Queryable,
  options: { ageMs: number; sentAgeMs: number; limit: number },
): Promise<StoredRefund[]> {
  const { rows } = await db.query<StoredRefund>(
    `select ${refundColumns} from ${refundTables}
      where refund.status in ('requested', 'pending') and refund.updated_at < now() - make_interval(secs =>
        case when refund.status = 'requested' and refund.attempt = 1 then $1::float8 else $2::float8 end)
      order by refund.updated_at
      limit $3`,
    [options.ageMs / 1_000, options.sentAgeMs / 1_000, options.limit],
  );
  return rows;
}
