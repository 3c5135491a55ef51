import { ticketsMovedMail } from "../../adapters/email/tickets-moved-mail.ts";
import type { TicketsMoved } from "../../domain/events.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import { aboutBooking } from "./about-show.ts";
import { attachTickets } from "./attach-tickets.ts";
import { linkTickets } from "./link-tickets.ts";
import type { Notice, NoticeTools } from "./notice.ts";

export function ticketsMovedNotice(event: TicketsMoved, tools: NoticeTools): Notice {
  return {
    ...event,
    async write({ show, areas }) {
      const nameOf = (seatId: string) => nameSeats([seatId], areas).join();
      const mail = ticketsMovedMail({
        ...aboutBooking(event, show),
        moves: event.moves.map(({ fromSeatId, toSeatId }) => ({
          from: nameOf(fromSeatId),
          to: nameOf(toSeatId),
        })),
        tickets: linkTickets(event, areas, tools),
      });
      return { ...mail, attachments: await attachTickets(event, show, tools) };
    },
  };
}
