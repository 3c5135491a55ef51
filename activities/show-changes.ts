import { releaseBooking } from "../adapters/postgres/holds.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { refundTickets } from "../adapters/postgres/refunds.ts";
import * as changes from "../adapters/postgres/show-changes.ts";
import type { BookingPage } from "../adapters/postgres/show-changes.ts";
import { readShowProgress, surveyShow } from "../adapters/postgres/show-survey.ts";
import type { ErrorCode } from "../domain/errors.ts";
import { DomainError } from "../domain/errors.ts";
import type { PaymentProvider, PaymentProviderName } from "../domain/payment.ts";
import type { TellSeats } from "../domain/seat-news.ts";
import type { ShowProgress, ShowSurvey } from "../domain/show-change.ts";
import { createRefundActivities } from "./refunds.ts";
import { createSettleActivities } from "./settle-payments.ts";
import { workOffPage } from "./work-off-page.ts";

export type ShowChangeDependencies = {
  db: Pool;
  provider: (name: PaymentProviderName) => PaymentProvider;
  tellSeats: TellSeats;
  /** Asks a checkout under way to give its seats back, because its show is cancelled. `closed`: no such checkout runs. */
  endCheckout: (booking: {
    showId: string;
    bookingId: string;
  }) => Promise<"cancelled" | "too_late" | "closed">;
  /** Says that this process lives, while a page of bookings takes its time. */
  heartbeat: () => void;
  /** A booking that could not be dealt with is left for the next round; why is for the log. */
  reportFailure: (error: unknown, booking: { showId: string; bookingId: string }) => void;
};

/** Where the next page begins; null behind the last one. */
export type HoldPageOutcome = { after: string | null };

export type RefundPageOutcome = HoldPageOutcome & {
  bookings: number;
  /** Opened, and not paid out at once: each goes on in a workflow of its own. */
  unfinished: { bookingId: string; refundId: string }[];
  /** How many of these because the provider does not answer. */
  unreached: number;
  /** The tickets are still live. */
  refused: { bookingId: string; code: ErrorCode }[];
  progress: ShowProgress;
};

/** A page of bookings, so many of them at once. */
export type PageOrder = BookingPage & { atOnce: number };

/** What becomes of a whole show, as activities. */
export function createShowChangeActivities(dependencies: ShowChangeDependencies) {
  const { db, heartbeat } = dependencies;
  return {
    /** Safe to run again: it counts. */
    async surveyShow({ showId }: { showId: string }): Promise<ShowSurvey | "absent"> {
      return (await surveyShow(db, showId)) ?? "absent";
    },

    /** Safe to run again: a show is cancelled once. */
    async cancelShow({ showId }: { showId: string }): Promise<void> {
      await changes.cancelShow(db, showId);
    },

    /** Safe to run again: what is no longer held is not found any more. */
    async cancelShowHolds({ atOnce, ...page }: PageOrder): Promise<HoldPageOutcome> {
      const bookingIds = await changes.listHeldBookings(db, page);
      const endHold = createEndHold(dependencies, page.showId);
      await workOffPage(bookingIds, { atOnce, heartbeat }, endHold);
      return { after: nextPage(bookingIds, page.limit) };
    },

    /**
     * Gives back everything that these bookings have cost: tickets void and refund opened in one transaction, then the money.
     * Safe to run again, even twice at once: the cause finds the refund that is there, and the provider knows each by its id.
     */
    async refundShowTickets({
      atOnce,
      withOpened,
      ...page
    }: PageOrder & { withOpened: boolean }): Promise<RefundPageOutcome> {
      const bookingIds = await changes.listOwedBookings(db, { ...page, withOpened });
      const results: Refunded[] = [];
      const refund = createRefundBooking(dependencies, page.showId);
      await workOffPage(bookingIds, { atOnce, heartbeat }, async (bookingId) => {
        results.push(await refund(bookingId));
      });
      return {
        after: nextPage(bookingIds, page.limit),
        bookings: bookingIds.length,
        unfinished: results.flatMap(({ unfinished }) => unfinished ?? []),
        unreached: results.filter(({ isUnreached }) => isUnreached).length,
        refused: results.flatMap(({ refused }) => refused ?? []),
        progress: await readShowProgress(db, page.showId),
      };
    },
  };
}

type Refunded = {
  unfinished?: { bookingId: string; refundId: string };
  isUnreached?: boolean;
  refused?: { bookingId: string; code: ErrorCode };
};

function createRefundBooking(
  { db, provider, tellSeats, reportFailure }: ShowChangeDependencies,
  showId: string,
): (bookingId: string) => Promise<Refunded> {
  const { driveRefund } = createRefundActivities({ db, provider, tellSeats });

  /** One booking never stops the others: what fails is left as it is and said. */
  return async (bookingId) => {
    const booking = { showId, bookingId };
    let opened;
    try {
      opened = await refundTickets(
        db,
        { ...booking, cause: "show_cancelled", withFees: true },
        tellSeats,
      );
    } catch (error) {
      reportFailure(error, booking);
      return { refused: { bookingId, code: codeOf(error) } };
    }
    if (opened.outcome === "nothing_to_pay") return {};
    if (opened.outcome === "refused") {
      // Given back in another way since the page was read.
      if (opened.code === "BOOKING_CLOSED") return {};
      return { refused: { bookingId, code: opened.code } };
    }
    const { refundId } = opened;
    try {
      const { status } = await driveRefund({ showId, refundId });
      const isFinished = status === "succeeded" || status === "settled";
      return isFinished ? {} : { unfinished: { bookingId, refundId } };
    } catch (error) {
      const isUnreached = codeOf(error) === "PAYMENT_PROVIDER_UNAVAILABLE";
      if (!isUnreached) reportFailure(error, booking);
      return { unfinished: { bookingId, refundId }, isUnreached };
    }
  };
}

function createEndHold(
  { db, provider, tellSeats, endCheckout, reportFailure }: ShowChangeDependencies,
  showId: string,
): (bookingId: string) => Promise<void> {
  const { settlePayments } = createSettleActivities({ db, provider });

  /** The checkout ends its own hold; only one that nobody carries any more is ended here. What fails is still held, and seen. */
  return async (bookingId) => {
    const booking = { showId, bookingId };
    try {
      if ((await endCheckout(booking)) !== "closed") return;
      const released = await releaseBooking(db, { ...booking, ...showCancelled }, tellSeats);
      if (released.outcome !== "payments_open") return;
      const settled = await settlePayments(booking);
      if (settled.outcome !== "known" || settled.paid.length > 0) return;
      await releaseBooking(db, { ...booking, ...showCancelled, paymentsSettled: true }, tellSeats);
    } catch (error) {
      reportFailure(error, booking);
    }
  };
}

const showCancelled = {
  status: "cancelled",
  reason: "show_cancelled",
  paymentsSettled: false,
  confirmedToo: false,
} as const;

function codeOf(error: unknown): ErrorCode {
  return error instanceof DomainError ? error.code : "INTERNAL";
}

function nextPage(bookingIds: string[], limit: number): string | null {
  return bookingIds.length < limit ? null : (bookingIds.at(-1) ?? null);
}
