import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";

/** What the mail says to somebody whose money has gone back. */
export type RefundMail = ShowOfMail & {
  bookingId: string;
  /** None: the payment came too late, or was a second one, and bought nothing. */
  seats: string[];
  amount: string;
  /** False: support has paid it in another way. */
  byProvider: boolean;
};

export function refundMail(mail: RefundMail, reader: Reader): MailContent {
  const { title, bookingId, seats, amount } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      bookingId,
      subject: say.subject(title),
      heading: say.heading(amount),
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [
        seats.length === 0 ? say.nothingBought : say.givenBack(seats.join(", ")),
        mail.byProvider ? say.byProvider(amount) : say.bySupport(amount),
      ],
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `Refund: ${title}`,
    heading: (amount: string) => `${amount} back`,
    nothingBought: "This payment bought no tickets.",
    givenBack: (seats: string) => `Given back: ${seats}`,
    byProvider: (amount: string) =>
      `${amount} has gone back the way you paid. Banks take up to ten days to show it. You need do nothing.`,
    bySupport: (amount: string) =>
      `${amount} has been paid back to you as our support has agreed with you.`,
  },
  de: {
    subject: (title: string) => `Erstattung: ${title}`,
    heading: (amount: string) => `${amount} zurück`,
    nothingBought: "Für diese Zahlung gab es keine Karten.",
    givenBack: (seats: string) => `Zurückgegeben: ${seats}`,
    byProvider: (amount: string) =>
      `Wir haben ${amount} auf dem Weg erstattet, auf dem Sie bezahlt haben. Bei manchen Banken dauert es zehn Tage, bis man es sieht. Sie müssen nichts tun.`,
    bySupport: (amount: string) =>
      `Wir haben Ihnen ${amount} so erstattet, wie unser Support es mit Ihnen vereinbart hat.`,
  },
};
