import { showRescheduledMail } from "../../adapters/email/show-rescheduled-mail.ts";
import {
  receivedTicketsVoidedMail,
  ticketReceivedMail,
  ticketTransferredMail,
  transferCancelledMail,
  transferOpenedMail,
} from "../../adapters/email/transfer-mails.ts";
import { showTexts } from "../../adapters/sms/show-texts.ts";
import type {
  ReceivedTicketsRescheduled,
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
      kind: "tickets",
      write({ show, areas, reader }) {
        const seat = seatTitle(seatId, { areas, ...reader });
        return transferOpenedMail({ ...aboutShow(show), seat, expiresAtMs, link }, reader);
      },
    };
  },

  cancelled(event: TransferCancelled): Notice {
    return {
      ...event,
      kind: "tickets",
      write({ show, areas, reader }) {
        const seat = seatTitle(event.seatId, { areas, ...reader });
        return transferCancelledMail({ ...aboutShow(show), seat }, reader);
      },
    };
  },

  transferred(event: TicketTransferred): Notice {
    return {
      ...event,
      kind: "tickets",
      write({ show, areas, reader }) {
        const seat = seatTitle(event.seatId, { areas, ...reader });
        return ticketTransferredMail({ ...aboutBooking(event, show), seat }, reader);
      },
    };
  },

  received(event: TicketReceived, tools: NoticeTools): Notice {
    return {
      ...event,
      kind: "tickets",
      async write({ show, areas, reader }) {
        const [ticket] = linkTickets(event, { areas, ...reader }, tools);
        if (ticket === undefined) throw new Error("A received ticket is one ticket");
        const attachments = await attachTickets(event, show, tools);
        return { ...ticketReceivedMail({ ...aboutShow(show), ticket }, reader), attachments };
      },
    };
  },

  voided(event: ReceivedTicketsVoided): Notice {
    const isCancelled = event.cause === "show_cancelled";
    const notice: Notice = {
      ...event,
      kind: isCancelled ? "changes" : "tickets",
      write({ show, areas, reader }) {
        const seats = nameSeats(event.voidedSeatIds, areas);
        return receivedTicketsVoidedMail({ ...aboutShow(show), seats, isCancelled }, reader);
      },
    };
    if (!isCancelled) return notice;
    return {
      ...notice,
      text: ({ show, reader }) =>
        showTexts.cancelled({ ...aboutShow(show), isPaid: false }, reader.language),
    };
  },

  rescheduled(event: ReceivedTicketsRescheduled): Notice {
    const { startsAtBeforeMs, startsAtMs } = event;
    return {
      ...event,
      kind: "changes",
      write: ({ show, reader }) =>
        showRescheduledMail({ ...aboutShow(show), startsAtBeforeMs, startsAtMs }, reader),
      text: ({ show, reader }) =>
        showTexts.rescheduled({ ...aboutShow(show), startsAtMs }, reader.language),
    };
  },
};
