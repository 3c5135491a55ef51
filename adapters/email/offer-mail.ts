import { longDate } from "./mail-page.ts";
import { noticeMail } from "./notice-mail.ts";

type ShowOfMail = {
  title: string;
  venue: string;
  city: string;
  timeZone: string;
  /** On the venue's own clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
};

/** What the mail says to somebody who has waited for seats that came back. */
export type OfferMail = ShowOfMail & {
  bookingId: string;
  /** As people read them: "F7", "2 × Standing floor". */
  seats: string[];
  total: string;
  heldUntilMs: number;
  /** Where it is paid for. */
  link: string | undefined;
};

export function offerMail(mail: OfferMail): ReturnType<typeof noticeMail> {
  const { title, bookingId, seats, total, heldUntilMs, timeZone, link } = mail;
  const until = new Date(heldUntilMs).toLocaleString("en-GB", {
    ...{ weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
    timeZone,
  });
  return noticeMail({
    bookingId,
    subject: `Seats for ${title}`,
    heading: `Yours until ${until}`,
    about: aboutShow(mail),
    sentences: [
      `Seats have come back, and you are next: ${seats.join(", ")}, for ${total} in all.`,
      `We keep them for you until ${until} (${timeZone}). Pay by then, and the tickets are yours.`,
      "If you do not want them, give them back: somebody else is waiting.",
    ],
    link: link === undefined ? undefined : { label: "Pay for these seats", url: link },
  });
}

export function offerLapsedMail(
  mail: ShowOfMail & { bookingId: string; seats: string[] },
): ReturnType<typeof noticeMail> {
  const { title, bookingId, seats } = mail;
  return noticeMail({
    bookingId,
    subject: `Your time is over: ${title}`,
    heading: "The seats went on",
    about: aboutShow(mail),
    sentences: [
      `We kept ${seats.join(", ")} for you, and nobody paid in time. They are offered to the next person now.`,
      "You are no longer on the waiting list. You may join it again, behind those who wait.",
    ],
  });
}

export function waitingListClosedMail(
  mail: ShowOfMail & { reason: "show_cancelled" | "sale_over" },
): ReturnType<typeof noticeMail> {
  const { title, reason } = mail;
  return noticeMail({
    subject: `No seats: ${title}`,
    heading: "The waiting list is closed",
    about: aboutShow(mail),
    sentences: [
      reason === "show_cancelled"
        ? "This show is cancelled. You have paid nothing, and need do nothing."
        : "The sale is over, and no seats that fit you have come back. We are sorry.",
    ],
  });
}

function aboutShow({ title, venue, city, localDate, localTime }: ShowOfMail): string[] {
  return [title, `${venue}, ${city}`, `${longDate(localDate)}, ${localTime}`];
}
