import { soonMoment } from "../../domain/venue-dates.ts";
import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";

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

export function offerMail(mail: OfferMail, reader: Reader): MailContent {
  const { title, bookingId, seats, total, heldUntilMs, timeZone, link } = mail;
  const say = words[reader.language];
  const until = soonMoment(heldUntilMs, timeZone, reader.language);
  return noticeMail(
    {
      bookingId,
      subject: say.seatsFor(title),
      heading: say.yoursUntil(until),
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [
        say.cameBack(seats.join(", "), total),
        say.payBy(`${until} (${timeZone})`),
        say.orNot,
      ],
      link: link === undefined ? undefined : { label: say.pay, url: link },
    },
    reader,
  );
}

export function offerLapsedMail(
  mail: ShowOfMail & { bookingId: string; seats: string[] },
  reader: Reader,
): MailContent {
  const { title, bookingId, seats } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      bookingId,
      subject: say.over(title),
      heading: say.wentOn,
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [say.nobodyPaid(seats.join(", ")), say.offTheList],
    },
    reader,
  );
}

export function waitingListClosedMail(
  mail: ShowOfMail & { reason: "show_cancelled" | "sale_over" },
  reader: Reader,
): MailContent {
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.noSeats(mail.title),
      heading: say.closed,
      about: [mail.title, ...placeAndTime(mail, reader.language)],
      sentences: [mail.reason === "show_cancelled" ? say.cancelled : say.saleOver],
    },
    reader,
  );
}

const words = {
  en: {
    seatsFor: (title: string) => `Seats for ${title}`,
    yoursUntil: (until: string) => `Yours until ${until}`,
    cameBack: (seats: string, total: string) =>
      `Seats have come back, and you are next: ${seats}, for ${total} in all.`,
    payBy: (until: string) =>
      `We keep them for you until ${until}. Pay by then, and the tickets are yours.`,
    orNot: "If you do not want them, give them back: somebody else is waiting.",
    pay: "Pay for these seats",
    over: (title: string) => `Your time is over: ${title}`,
    wentOn: "The seats went on",
    nobodyPaid: (seats: string) =>
      `We kept ${seats} for you, and nobody paid in time. They are offered to the next person now.`,
    offTheList:
      "You are no longer on the waiting list. You may join it again, behind those who wait.",
    noSeats: (title: string) => `No seats: ${title}`,
    closed: "The waiting list is closed",
    cancelled: "This show is cancelled. You have paid nothing, and need do nothing.",
    saleOver: "The sale is over, and no seats that fit you have come back. We are sorry.",
  },
  de: {
    seatsFor: (title: string) => `Plätze für ${title}`,
    yoursUntil: (until: string) => `Für Sie reserviert bis ${until}`,
    cameBack: (seats: string, total: string) =>
      `Plätze sind frei geworden, und Sie sind an der Reihe: ${seats}, zusammen für ${total}.`,
    payBy: (until: string) =>
      `Wir halten sie für Sie bis ${until}. Wenn Sie bis dahin bezahlen, gehören die Karten Ihnen.`,
    orNot: "Wenn Sie sie nicht möchten, geben Sie sie zurück: Jemand anders wartet.",
    pay: "Diese Plätze bezahlen",
    over: (title: string) => `Ihre Zeit ist um: ${title}`,
    wentOn: "Die Plätze gehen an andere",
    nobodyPaid: (seats: string) =>
      `Wir haben ${seats} für Sie gehalten, und niemand hat rechtzeitig bezahlt. Jetzt ist die nächste Person an der Reihe.`,
    offTheList:
      "Sie stehen nicht mehr auf der Warteliste. Sie können sich wieder eintragen, hinter denen, die warten.",
    noSeats: (title: string) => `Keine Plätze: ${title}`,
    closed: "Die Warteliste ist geschlossen",
    cancelled: "Diese Vorstellung ist abgesagt. Sie haben nichts bezahlt und müssen nichts tun.",
    saleOver:
      "Der Verkauf ist zu Ende, und es sind keine passenden Plätze frei geworden. Es tut uns leid.",
  },
};
