import {
  offerLapsedMail,
  offerMail,
  waitingListClosedMail,
} from "../../adapters/email/offer-mails.ts";
import type { OfferLapsed, SeatsOffered, WaitingListClosed } from "../../domain/events.ts";
import { formatMoney } from "../../domain/format-money.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking, aboutShow } from "./about-show.ts";
import type { Notice, NoticeTools } from "./notice.ts";

/** What people hear who wait for seats. */
export const offerNotices = { offer, lapsed, closed };

function offer(event: SeatsOffered, { offerUrl }: NoticeTools): Notice | undefined {
  // Mail was away for longer than the seats were kept: the next mail says that their time is over.
  if (event.heldUntilMs <= Date.now()) return undefined;
  return {
    ...event,
    kind: "offers",
    write({ show, areas, reader }) {
      const about = aboutBooking(event, show);
      const total = { amountMinor: event.totalMinor, currency: event.currency };
      return offerMail(
        {
          ...about,
          seats: nameSeats(event.seatIds, areas),
          total: formatMoney(total, reader.language),
          heldUntilMs: event.heldUntilMs,
          link: offerUrl?.replace("{booking}", about.bookingId),
        },
        reader,
      );
    },
  };
}

function lapsed(event: OfferLapsed): Notice {
  return {
    ...event,
    kind: "offers",
    write: ({ show, areas, reader }) =>
      offerLapsedMail(
        { ...aboutBooking(event, show), seats: nameSeats(event.seatIds, areas) },
        reader,
      ),
  };
}

function closed(event: WaitingListClosed): Notice {
  return {
    ...event,
    kind: "offers",
    write: ({ show, reader }) => waitingListClosedMail({ ...event, ...aboutShow(show) }, reader),
  };
}
