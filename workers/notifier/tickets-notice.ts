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
    write: async ({ show, areas }) => ({
      ...ticketsMail({
        ...aboutBooking(event, show),
        total: formatMoney({ amountMinor: event.totalMinor, currency: event.currency }),
        tickets: linkTickets(event, areas, tools),
      }),
      attachments: await attachTickets(event, show, tools),
    }),
  };
}
