import { refundMail } from "../../adapters/email/refund-mail.ts";
import { UnusableEvent } from "../../adapters/kafka/follow-events.ts";
import { findRefund, listRefundSeats } from "../../adapters/postgres/refunds.ts";
import type { BookingRefunded } from "../../domain/events.ts";
import { formatMoney } from "../../domain/format-money.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking } from "./about-show.ts";
import type { Notice, NoticeTools } from "./notice.ts";

/**
 * One mail for each refund: its id stands in for the event's, for a refund that fails after it had succeeded, and succeeds again,
 * has two events.
 */
export async function refundNotice(
  event: BookingRefunded,
  { pool }: NoticeTools,
): Promise<Notice | undefined> {
  const refund = await findRefund(pool, event);
  if (refund === undefined) throw new UnusableEvent(`No refund ${event.refundId}`);
  // The mail about the cancelled show has named the sum already.
  if (refund.cause === "show_cancelled") return undefined;
  // It has failed since: the event of its success will tell.
  if (refund.status === "requested" || refund.status === "pending") return undefined;
  const seatIds = await listRefundSeats(pool, event);
  return {
    ...event,
    eventId: event.refundId,
    kind: "refunds",
    write: ({ show, areas, reader }) =>
      refundMail(
        {
          ...aboutBooking(event, show),
          seats: nameSeats(seatIds, areas),
          amount: formatMoney(event, reader.language),
          byProvider: refund.status !== "settled",
        },
        reader,
      ),
  };
}
