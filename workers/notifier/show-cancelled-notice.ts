import { showCancelledMail } from "../../adapters/email/show-cancelled-mail.ts";
import { showTexts } from "../../adapters/sms/show-texts.ts";
import type { TicketsVoided } from "../../domain/events.ts";
import { formatMoney } from "../../domain/format-money.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking } from "./about-show.ts";
import type { Notice } from "./notice.ts";

/** Whoever gives tickets back knows it; of a cancelled show nobody does. */
export function showCancelledNotice(event: TicketsVoided): Notice | undefined {
  if (event.cause !== "show_cancelled") return undefined;
  const { voidedSeatIds, refundMinor, currency } = event;
  return {
    ...event,
    kind: "changes",
    write({ show, areas, reader }) {
      const refund = { amountMinor: refundMinor, currency };
      return showCancelledMail(
        {
          ...aboutBooking(event, show),
          seats: nameSeats(voidedSeatIds, areas),
          ticketCount: voidedSeatIds.length,
          refund: refundMinor === 0 ? undefined : formatMoney(refund, reader.language),
        },
        reader,
      );
    },
    text: ({ show, reader }) =>
      showTexts.cancelled({ ...aboutBooking(event, show), isPaid: true }, reader.language),
  };
}
