import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";
import type { TicketOfMail } from "./ticket-rows.ts";

/** What the mail says to somebody whose tickets were moved to other seats. */
export type TicketsMovedMail = ShowOfMail & {
  bookingId: string;
  moves: { from: string; to: string }[];
  /** All that are live now. */
  tickets: TicketOfMail[];
};

export function ticketsMovedMail(mail: TicketsMovedMail, reader: Reader): MailContent {
  const { title, bookingId, moves, tickets } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.subject(title),
      heading: say.heading(title),
      about: placeAndTime(mail, reader.language),
      stressed: moves.map(({ from, to }) => `${from} → ${to}`),
      sentences: [say.advice],
      tickets,
      bookingId,
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `New seats: ${title}`,
    heading: (title: string) => `${title}: new seats`,
    advice:
      "The codes that you had open no door any more. Show these. What you have paid stays as it is.",
  },
  de: {
    subject: (title: string) => `Neue Plätze: ${title}`,
    heading: (title: string) => `${title}: neue Plätze`,
    advice:
      "Die Codes, die Sie hatten, gelten am Einlass nicht mehr. Zeigen Sie diese. Was Sie bezahlt haben, bleibt, wie es ist.",
  },
};
