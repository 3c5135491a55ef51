import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";
import type { TicketOfMail } from "./ticket-rows.ts";

/** What the mail with the tickets says. Links open the ticket page without signing in. */
export type TicketsMail = ShowOfMail & {
  bookingId: string;
  total: string;
  tickets: TicketOfMail[];
};

export function ticketsMail(mail: TicketsMail, reader: Reader): MailContent {
  const { title, bookingId, total, tickets } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.subject(tickets.length, title),
      heading: title,
      about: placeAndTime(mail, reader.language),
      sentences: [],
      tickets,
      afterwards: [say.paid(total), say.advice],
      bookingId,
    },
    reader,
  );
}

const words = {
  en: {
    subject: (count: number, title: string) =>
      `${count === 1 ? "Your ticket" : `Your ${count} tickets`} for ${title}`,
    paid: (total: string) => `Paid: ${total}`,
    advice: "Show the code on each ticket at the door. Each opens it once.",
  },
  de: {
    subject: (count: number, title: string) =>
      `${count === 1 ? "Ihre Karte" : `Ihre ${count} Karten`} für ${title}`,
    paid: (total: string) => `Bezahlt: ${total}`,
    advice: "Zeigen Sie am Einlass den Code jeder Karte. Jeder öffnet einmal.",
  },
};
