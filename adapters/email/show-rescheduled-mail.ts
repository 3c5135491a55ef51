import { venueMoment } from "../../domain/venue-dates.ts";
import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import type { ShowOfMail } from "./show-of-mail.ts";

/** What the mail says to somebody whose show has another time. Who had tickets from somebody else has none to give back. */
export type ShowRescheduledMail = ShowOfMail & {
  startsAtBeforeMs: number;
  startsAtMs: number;
  refundUntilMs?: number;
  bookingId?: string;
};

export function showRescheduledMail(mail: ShowRescheduledMail, reader: Reader): MailContent {
  const { title, venue, city, bookingId, refundUntilMs } = mail;
  const say = words[reader.language];
  const moment = (epochMs: number) =>
    venueMoment({ epochMs, timeZone: mail.timeZone }, reader.language);
  return noticeMail(
    {
      ...(bookingId !== undefined && { bookingId }),
      subject: say.subject(title),
      heading: say.heading(title),
      about: [
        `${venue}, ${city}`,
        say.before(moment(mail.startsAtBeforeMs)),
        say.now(moment(mail.startsAtMs)),
      ],
      sentences: [
        say.stayValid,
        ...(refundUntilMs === undefined ? [] : [say.giveBack(moment(refundUntilMs))]),
      ],
    },
    reader,
  );
}

const words = {
  en: {
    subject: (title: string) => `New time: ${title}`,
    heading: (title: string) => `${title} has a new time`,
    before: (moment: string) => `It was to be on ${moment}.`,
    now: (moment: string) => `It is on ${moment}.`,
    stayValid: "Your tickets stay valid as they are, with the same seats and the same codes.",
    giveBack: (until: string) =>
      `If you cannot come then, give them back until ${until}. Everything that you paid goes back, fees included.`,
  },
  de: {
    subject: (title: string) => `Neuer Termin: ${title}`,
    heading: (title: string) => `${title} hat einen neuen Termin`,
    before: (moment: string) => `Bisher: ${moment}.`,
    now: (moment: string) => `Jetzt: ${moment}.`,
    stayValid: "Ihre Karten gelten, wie sie sind, mit denselben Plätzen und denselben Codes.",
    giveBack: (until: string) =>
      `Wenn Sie dann nicht können, geben Sie sie zurück bis ${until}. Sie erhalten alles zurück, was Sie bezahlt haben, mit allen Gebühren.`,
  },
};
