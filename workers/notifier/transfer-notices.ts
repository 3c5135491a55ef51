import {
  receivedTicketsVoidedMail,
  ticketReceivedMail,
  ticketTransferredMail,
  transferCancelledMail,
  transferOpenedMail,
} from "../../adapters/email/transfer-mails.ts";
import type {
  ReceivedTicketsVoided,
  TicketReceived,
  TicketTransferred,
  TransferCancelled,
  TransferOpened,
} from "../../domain/events.ts";
import { transferIds } from "../../domain/ids.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking, aboutShow } from "./about-show.ts";
import { attachTickets } from "./attach-tickets.ts";
import { linkTickets, seatTitle } from "./link-tickets.ts";
import type { Notice, NoticeTools } from "./notice.ts";

/** What people are told when a ticket goes from one to another. */
export const transferNotices = {
  opened(event: TransferOpened, { links, publicUrl }: NoticeTools): Notice {
    const { showId, transferId, seatId, expiresAtMs } = event;
    const publicId = transferIds.encode({ id: transferId, showId });
    const link = `${publicUrl}/transfers/${publicId}#${links.access(publicId)}`;
    return {
      ...event,
      write: ({ show, areas }) =>
        transferOpenedMail({
          ...aboutShow(show),
          ...{ seat: seatTitle(seatId, areas), expiresAtMs, link },
        }),
    };
  },

  cancelled(event: TransferCancelled): Notice {
    return {
      ...event,
      write: ({ show, areas }) =>
        transferCancelledMail({ ...aboutShow(show), seat: seatTitle(event.seatId, areas) }),
    };
  },

  transferred(event: TicketTransferred): Notice {
    return {
      ...event,
      write: ({ show, areas }) =>
        ticketTransferredMail({
          ...aboutBooking(event, show),
          seat: seatTitle(event.seatId, areas),
        }),
    };
  },

  received(event: TicketReceived, tools: NoticeTools): Notice {
    return {
      ...event,
      async write({ show, areas }) {
        const [ticket] = linkTickets(event, areas, tools);
        if (ticket === undefined) throw new Error("A received ticket is one ticket");
        return {
          ...ticketReceivedMail({ ...aboutShow(show), ...ticket }),
          attachments: await attachTickets(event, show, tools),
        };
      },
    };
  },

  voided(event: ReceivedTicketsVoided): Notice {
    return {
      ...event,
      write: ({ show, areas }) =>
        receivedTicketsVoidedMail({
          ...aboutShow(show),
          seats: nameSeats(event.voidedSeatIds, areas),
          isCancelled: event.cause === "show_cancelled",
        }),
    };
  },
};
