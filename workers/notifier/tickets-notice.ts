import { ticketsMail } from "../../adapters/email/tickets-mail.ts";
import type { BookingConfirmed, TicketsResent } from "../../domain/events.ts";
import { formatMoney } from "../../domain/format-money.ts";
import { aboutBooking } from "./about-show.ts";
import { attachTickets } from "./attach-tickets.ts";
import { linkTickets } from "./link-tickets.ts";
import type { Notice, NoticeTools } from "./notice.ts";

export function ticketsNotice(event: BookingConfirmed | TicketsResent, tools: NoticeTools): Notice {
  return {
    ...event,
    kind: "tickets",
    async write({ show, areas, reader }) {
      const total = { amountMinor: event.totalMinor, currency: event.currency };
      const mail = ticketsMail(
        {
          ...aboutBooking(event, show),
          total: formatMoney(total, reader.language),
          tickets: linkTickets(event, { areas, ...reader }, tools),
        },
        reader,
      );
      return { ...mail, attachments: await attachTickets(event, show, tools) };
    },
  };
}
