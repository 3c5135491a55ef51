import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";

/** What the mail says to somebody whose seats went back because nobody paid for them in time. */
export type HoldEndedMail = ShowOfMail & {
  /** As people read them: "F7", "2 × Standing floor". */
  seats: string[];
  /** Whether a payment was begun: its money may still be on its way. */
  hasBegunPayment: boolean;
  bookingId: string;
  /** Where seats of this show are chosen. */
  link: string | undefined;
};

export function holdEndedMail(mail: HoldEndedMail, reader: Reader): MailContent {
  const { title, seats, bookingId, link, hasBegunPayment } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      bookingId,
      subject: say.subject(title),
      heading: say.heading,
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [
        say.wentBack(seats.join(", ")),
        hasBegunPayment ? say.lateMoney : say.nothingPaid,
      ],
      link: link === undefined ? undefined : { label: say.again, url: link },
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `Your seats went back: ${title}`,
    heading: "The time to pay is over",
    wentBack: (seats: string) =>
      `We kept ${seats} for you, and no payment came in time. Others may buy them now.`,
    lateMoney:
      "Should your payment still come, you get the same seats if nobody has bought them, or all of your money back. We will write to you either way.",
    nothingPaid: "You have paid nothing, and need do nothing.",
    again: "Choose seats again",
  },
  de: {
    subject: (title: string) => `Ihre Plätze sind wieder frei: ${title}`,
    heading: "Die Zeit zum Bezahlen ist um",
    wentBack: (seats: string) =>
      `Wir haben ${seats} für Sie gehalten, und es kam keine Zahlung. Jetzt können andere sie kaufen.`,
    lateMoney:
      "Falls Ihre Zahlung noch kommt, erhalten Sie dieselben Plätze, wenn sie noch frei sind, oder Ihr ganzes Geld zurück. Wir schreiben Ihnen in jedem Fall.",
    nothingPaid: "Sie haben nichts bezahlt und müssen nichts tun.",
    again: "Noch einmal Plätze wählen",
  },
};
