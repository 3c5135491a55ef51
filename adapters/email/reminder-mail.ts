import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";
import type { TicketOfMail } from "./ticket-rows.ts";

/** What the mail says the day before a show. */
export type ReminderMail = ShowOfMail & {
  bookingId: string;
  /** All that are live now. */
  tickets: TicketOfMail[];
};

export function reminderMail(mail: ReminderMail, reader: Reader): MailContent {
  const { title, bookingId, tickets } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.subject(title),
      heading: title,
      about: placeAndTime(mail, reader.language),
      sentences: [say.soon(tickets.length)],
      tickets,
      afterwards: [say.advice],
      bookingId,
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `See you soon: ${title}`,
    soon: (count: number) =>
      count === 1
        ? "Your show is near. Here is your ticket again."
        : `Your show is near. Here are your ${count} tickets again.`,
    advice: "Show the code on each ticket at the door. Each opens it once.",
  },
  de: {
    subject: (title: string) => `Bis bald: ${title}`,
    soon: (count: number) =>
      count === 1
        ? "Bald ist es so weit. Hier ist noch einmal Ihre Karte."
        : `Bald ist es so weit. Hier sind noch einmal Ihre ${count} Karten.`,
    advice: "Zeigen Sie am Einlass den Code jeder Karte. Jeder öffnet einmal.",
  },
};
