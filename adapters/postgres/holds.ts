import type { HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import { holdPlaces } from "./hold-places.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Holds all the seats or none, in one round trip and one commit (`hold_seats` in schema.sql). Repeating it gives the same hold. */
export async function holdSeats(
  db: Queryable,
  request: HoldRequest & { holdSeconds: number; graceSeconds: number },
  tell?: TellSeats,
): Promise<HoldOutcome> {
  if (request.places !== undefined) return holdPlaces(db, request, tell);
  return callWithNews(
    db,
    {
      name: "hold_seats",
      text: "select hold_seats_with_news($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as told",
      values: [
        request.showId,
        request.bookingId,
        request.userId,
        request.seatIds,
        request.requestHash,
        request.holdSeconds,
        request.graceSeconds,
        request.expectedTotalMinor ?? null,
        request.promoCode ?? null,
        request.channel ?? null,
      ],
    },
    tell,
  );
}

export type BookingKey = { showId: string; bookingId: string };

export type ConfirmOutcome =
  | { outcome: "confirmed" }
  | {
      outcome: "refused";
      reason:
        | "absent"
        | "closed"
        | "paid_otherwise"
        | "show_cancelled"
        | "amount_mismatch"
        | "seats_lost"
        | CardReason;
    };

/** `card_unknown`: the show limits what one card may pay for, and nobody has asked for the card of this payment yet. */
type CardReason = "card_unknown" | "card_limit";

/** Makes held seats the buyer's, if they are still this booking's and the sum is the quoted one. Repeatable. */
export async function confirmBooking(
  db: Queryable,
  booking: BookingKey & { paymentId: string; amountMinor: number; currency: string },
  tell?: TellSeats,
): Promise<ConfirmOutcome> {
  return callWithNews(
    db,
    {
      name: "confirm_booking",
      text: "select confirm_booking_with_news($1, $2, $3, $4, $5) as told",
      values: [
        booking.showId,
        booking.bookingId,
        booking.paymentId,
        booking.amountMinor,
        booking.currency,
      ],
    },
    tell,
  );
}

/** `openPayments`: attempts that the buyer might still pay although the tickets are there. */
export type IssueOutcome =
  { outcome: "ticketed"; tickets: number; openPayments: number } | { outcome: "refused" };

/** Writes the capture, the tickets and their news in one transaction. Repeating it issues nothing twice. */
export async function issueTickets(
  db: Queryable,
  booking: BookingKey & { capturedMinor: number },
): Promise<IssueOutcome> {
  const { rows } = await db.query<{ issued: IssueOutcome }>({
    name: "issue_tickets",
    text: "select issue_tickets($1, $2, $3) as issued",
    values: [booking.showId, booking.bookingId, booking.capturedMinor],
  });
  return onlyRow(rows).issued;
}

export type ReviveOutcome =
  | { outcome: "confirmed" }
  | {
      outcome: "refused";
      reason:
        | "absent"
        | "closed"
        | "amount_mismatch"
        | "show_closed"
        | "seats_taken"
        | "promo_code_used"
        | "money_returned"
        | "seat_limit"
        | CardReason;
    };

/** Late money buys these seats for a booking that had expired: its own seats, or as many equal ones. Repeatable. */
export async function reviveBooking(
  db: Queryable,
  booking: BookingKey & {
    paymentId: string;
    amountMinor: number;
    currency: string;
    seatIds: string[];
  },
  tell?: TellSeats,
): Promise<ReviveOutcome> {
  return callWithNews(
    db,
    {
      name: "revive_booking",
      text: "select revive_booking_with_news($1, $2, $3, $4, $5, $6) as told",
      values: [
        booking.showId,
        booking.bookingId,
        booking.paymentId,
        booking.amountMinor,
        booking.currency,
        booking.seatIds,
      ],
    },
    tell,
  );
}

/**
 * `released`: these seats are free again (none, if it had been done before). `absent`: nothing was ever held.
 * `kept`: the booking is sold. `payments_open`: settle them first. `openPayments` counts what might still take money.
 */
export type ReleaseOutcome =
  | { outcome: "released"; seatIds: string[]; openPayments: number }
  | { outcome: "absent" | "kept" | "payments_open" };

/** Gives back the seats that are still this booking's. Harmless when it has none, or when it runs again. */
export async function releaseBooking(
  db: Queryable,
  booking: BookingKey & {
    status: "expired" | "cancelled";
    reason: string;
    paymentsSettled: boolean;
    confirmedToo: boolean;
  },
  tell?: TellSeats,
): Promise<ReleaseOutcome> {
  return callWithNews(
    db,
    {
      name: "release_booking",
      text: "select release_booking_with_news($1, $2, $3, $4, $5, $6) as told",
      values: [
        booking.showId,
        booking.bookingId,
        booking.status,
        booking.reason,
        booking.paymentsSettled,
        booking.confirmedToo,
      ],
    },
    tell,
    booking.bookingId,
  );
}

export type ExtendOutcome = { outcome: "extended"; heldUntilMs: number } | { outcome: "refused" };

/** Gives a held booking more time, never more than `secondsMax` from its start. */
export async function extendHold(
  db: Queryable,
  booking: BookingKey & { seconds: number; secondsMax: number },
  tell?: TellSeats,
): Promise<ExtendOutcome> {
  return callWithNews(
    db,
    {
      name: "extend_hold",
      text: "select extend_hold_with_news($1, $2, $3, $4) as told",
      values: [booking.showId, booking.bookingId, booking.seconds, booking.secondsMax],
    },
    tell,
  );
}
