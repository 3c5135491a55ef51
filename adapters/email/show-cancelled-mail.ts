import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";

/** What the mail says to somebody whose show is called off. */
export type ShowCancelledMail = ShowOfMail & {
  bookingId: string;
  /** As people read them: "F7", "2 × Standing floor". */
  seats: string[];
  ticketCount: number;
  /** What goes back now, fees included; undefined when the tickets were free. */
  refund: string | undefined;
};

export function showCancelledMail(mail: ShowCancelledMail, reader: Reader): MailContent {
  const { title, bookingId, seats, ticketCount, refund } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      bookingId,
      subject: say.subject(title),
      heading: say.heading(title),
      about: placeAndTime(mail, reader.language),
      sentences: [
        say.sorry(ticketCount, seats.join(", ")),
        refund === undefined ? say.nothingPaid : say.refund(refund),
      ],
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `Cancelled: ${title}`,
    heading: (title: string) => `${title} is cancelled`,
    sorry: (count: number, seats: string) =>
      `We are sorry: this show does not take place. Your ${count === 1 ? "ticket" : "tickets"} for ${seats} can no longer be used.`,
    nothingPaid: "Nothing was paid for them, so nothing has to go back.",
    refund: (sum: string) =>
      `${sum}, fees included, goes back the way you paid. You need do nothing. Banks take up to ten days.`,
  },
  de: {
    subject: (title: string) => `Abgesagt: ${title}`,
    heading: (title: string) => `${title} ist abgesagt`,
    sorry: (count: number, seats: string) =>
      `Es tut uns leid: Diese Vorstellung findet nicht statt. ${count === 1 ? "Ihre Karte" : "Ihre Karten"} für ${seats} ${count === 1 ? "gilt" : "gelten"} nicht mehr.`,
    nothingPaid: "Sie haben dafür nichts bezahlt, also gibt es nichts zu erstatten.",
    refund: (sum: string) =>
      `Wir erstatten ${sum}, mit allen Gebühren, auf dem Weg, auf dem Sie bezahlt haben. Sie müssen nichts tun. Bei manchen Banken dauert es zehn Tage.`,
  },
};
