import { noticeMail } from "./notice-mail.ts";

/** What the mail says to somebody whose show has another time. */
export type ShowRescheduledMail = {
  title: string;
  venue: string;
  city: string;
  timeZone: string;
  startsAtBeforeMs: number;
  startsAtMs: number;
  refundUntilMs: number;
  bookingId: string;
};

export function showRescheduledMail(mail: ShowRescheduledMail): ReturnType<typeof noticeMail> {
  const { title, venue, city, bookingId } = mail;
  const onVenueClock = (epochMs: number) =>
    new Date(epochMs).toLocaleString("en-GB", {
      ...{ dateStyle: "full", timeStyle: "short", timeZone: mail.timeZone },
    });
  return noticeMail({
    bookingId,
    subject: `New time: ${title}`,
    heading: `${title} has a new time`,
    about: [
      `${venue}, ${city}`,
      `It was to be on ${onVenueClock(mail.startsAtBeforeMs)}.`,
      `It is on ${onVenueClock(mail.startsAtMs)}.`,
    ],
    sentences: [
      "Your tickets stay valid as they are, with the same seats and the same codes.",
      `If you cannot come then, give them back until ${onVenueClock(mail.refundUntilMs)}. Everything that you paid goes back, fees included.`,
    ],
  });
}
