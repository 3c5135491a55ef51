import { longDate } from "./mail-page.ts";
import { noticeMail } from "./notice-mail.ts";

/** What the mail says to somebody whose money has gone back. */
export type RefundMail = {
  title: string;
  venue: string;
  city: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  bookingId: string;
  /** None: the payment came too late, or was a second one, and bought nothing. */
  seatIds: string[];
  amount: string;
  /** False: support has paid it in another way. */
  byProvider: boolean;
};

export function refundMail(mail: RefundMail): ReturnType<typeof noticeMail> {
  const { title, venue, city, localDate, localTime, bookingId, seatIds, amount } = mail;
  return noticeMail({
    bookingId,
    subject: `Refund: ${title}`,
    heading: `${amount} back`,
    about: [title, `${venue}, ${city}`, `${longDate(localDate)}, ${localTime}`],
    sentences: [
      seatIds.length === 0
        ? "This payment bought no tickets."
        : `Given back: ${seatIds.join(", ")}`,
      mail.byProvider
        ? `${amount} has gone back the way you paid. Banks take up to ten days to show it. You need do nothing.`
        : `${amount} has been paid back to you as our support has agreed with you.`,
    ],
  });
}
