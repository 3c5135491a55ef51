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
/** `seat` as people read it: "Seat F7", "Standing floor". */
export type TransferMail = ShowOfMail & { seat: string };

/** To whoever may have a ticket. */
export function transferOpenedMail(mail: TransferMail & { expiresAtMs: number; link: string }) {
  const { title, seat, expiresAtMs, timeZone, link } = mail;
  const until = new Date(expiresAtMs).toLocaleString("en-GB", {
    ...{ weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
    timeZone,
  });
  return noticeMail({
    subject: `A ticket for you: ${title}`,
    heading: `A ticket for ${title}`,
    about: aboutShow(mail),
    sentences: [
      `Somebody who has a ticket for ${title} wants you to have it: ${seat}. It costs you nothing.`,
      `Accept it until ${until} (${timeZone}). Until then its owner may keep it after all.`,
      "If you do not know what this is about, do nothing, and nothing happens.",
    ],
    link: { label: "See and accept the ticket", url: link },
  });
}

/** To whoever might have had it. */
export function transferCancelledMail(mail: TransferMail) {
  return noticeMail({
    subject: `No ticket after all: ${mail.title}`,
    heading: "The ticket stays with its owner",
    about: aboutShow(mail),
    sentences: [`The ticket for ${mail.seat} is not offered to you any more. You need do nothing.`],
  });
}

/** To whoever had it. */
export function ticketTransferredMail(mail: TransferMail & { bookingId: string }) {
  const { title, seat, bookingId } = mail;
  return noticeMail({
    bookingId,
    subject: `Your ticket has gone on: ${title}`,
    heading: "Your ticket was accepted",
    about: aboutShow(mail),
    sentences: [
      `The ticket for ${seat} belongs to the person whom you offered it to. Your code for it opens no door any more.`,
      "The seat stays part of your booking: if it is given back, the money goes back to you.",
    ],
  });
}

/** To whoever has it now. */
export function ticketReceivedMail(mail: TransferMail & { link: string }) {
  const { title, seat, link } = mail;
  return noticeMail({
    subject: `Your ticket for ${title}`,
    heading: title,
    about: aboutShow(mail),
    sentences: [`${seat} is yours. Show the code at the door: it opens it once.`],
    link: { label: "Open ticket", url: link },
  });
}

/** To whoever has had it from somebody, when it is worth nothing any more. */
export function receivedTicketsVoidedMail(
  mail: ShowOfMail & { seats: string[]; isCancelled: boolean },
) {
  const { title, seats, isCancelled } = mail;
  return noticeMail({
    subject: isCancelled ? `Cancelled: ${title}` : `Your ticket is void: ${title}`,
    heading: isCancelled ? `${title} is cancelled` : "Your ticket was given back",
    about: aboutShow(mail),
    sentences: [
      isCancelled
        ? `We are sorry: this show does not take place. Your ticket for ${seats.join(", ")} can no longer be used.`
        : `The ticket for ${seats.join(", ")} was given back where it was bought. It opens no door any more.`,
      "What was paid goes back to whoever bought it.",
    ],
  });
}

function aboutShow({ title, venue, city, localDate, localTime }: ShowOfMail): string[] {
  return [title, `${venue}, ${city}`, `${longDate(localDate)}, ${localTime}`];
}
