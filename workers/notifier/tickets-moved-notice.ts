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
    kind: "tickets",
    async write({ show, areas, reader }) {
      const nameOf = (seatId: string) => nameSeats([seatId], areas).join();
      const moves = event.moves.map(({ fromSeatId, toSeatId }) => ({
        from: nameOf(fromSeatId),
        to: nameOf(toSeatId),
      }));
      const tickets = linkTickets(event, { areas, ...reader }, tools);
      const about = { ...aboutBooking(event, show), moves, tickets };
      const attachments = await attachTickets(event, show, tools);
      return { ...ticketsMovedMail(about, reader), attachments };
    },
  };
}
