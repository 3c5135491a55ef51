import { longDate } from "./mail-page.ts";
import { noticeMail } from "./notice-mail.ts";

/** What the mail says to somebody whose show is called off. */
export type ShowCancelledMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  seatIds: string[];
  /** What goes back now, fees included; undefined when the tickets were free. */
  refund: string | undefined;
};

export function showCancelledMail(mail: ShowCancelledMail): ReturnType<typeof noticeMail> {
  const { title, venue, city, localDate, localTime, bookingId, seatIds, refund } = mail;
  return noticeMail({
    bookingId,
    subject: `Cancelled: ${title}`,
    heading: `${title} is cancelled`,
    about: [`${venue}, ${city}`, `${longDate(localDate)}, ${localTime}`],
    sentences: [
      `We are sorry: this show does not take place. Your ${seatIds.length === 1 ? "ticket" : "tickets"} for ${seatIds.join(", ")} can no longer be used.`,
      refund === undefined
        ? "Nothing was paid for them, so nothing has to go back."
        : `${refund}, fees included, goes back the way you paid. You need do nothing. Banks take up to ten days.`,
    ],
  });
}
