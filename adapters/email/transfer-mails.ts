import { soonMoment } from "../../domain/venue-dates.ts";
import { noticeMail } from "./notice-mail.ts";
import type { MailContent, Reader } from "./reader.ts";
import { placeAndTime } from "./show-of-mail.ts";
import type { ShowOfMail } from "./show-of-mail.ts";
import type { TicketOfMail } from "./ticket-rows.ts";

/** `seat` as people read it: "Seat F7", "Standing floor". */
export type TransferMail = ShowOfMail & { seat: string };

/** To whoever may have a ticket. It names nobody: it may have gone to a stranger. */
export function transferOpenedMail(
  mail: TransferMail & { expiresAtMs: number; link: string },
  reader: Reader,
): MailContent {
  const { title, seat, expiresAtMs, timeZone, link } = mail;
  const say = words[reader.language];
  const until = `${soonMoment(expiresAtMs, timeZone, reader.language)} (${timeZone})`;
  return noticeMail(
    {
      subject: say.forYou(title),
      heading: say.forYou(title),
      about: [title, ...placeAndTime(mail, reader.language)],
      stressed: [seat],
      sentences: [say.wantsYou, say.until(until), say.ignore],
      link: { label: say.see, url: link },
    },
    reader,
  );
}

/** To whoever might have had it. */
export function transferCancelledMail(mail: TransferMail, reader: Reader): MailContent {
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.notAfterAll(mail.title),
      heading: say.notAfterAll(mail.title),
      about: [mail.title, ...placeAndTime(mail, reader.language)],
      sentences: [say.notOffered(mail.seat)],
    },
    reader,
  );
}

/** To whoever had it. */
export function ticketTransferredMail(
  mail: TransferMail & { bookingId: string },
  reader: Reader,
): MailContent {
  const { title, seat, bookingId } = mail;
  const say = words[reader.language];
  return noticeMail(
    {
      bookingId,
      subject: say.hasGone(title),
      heading: say.accepted,
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [say.codeDies(seat), say.staysBooked],
    },
    reader,
  );
}

/** To whoever has it now. */
export function ticketReceivedMail(
  mail: ShowOfMail & { ticket: TicketOfMail },
  reader: Reader,
): MailContent {
  const say = words[reader.language];
  return noticeMail(
    {
      subject: say.yours(mail.title),
      heading: mail.title,
      about: placeAndTime(mail, reader.language),
      sentences: [],
      tickets: [mail.ticket],
      afterwards: [say.advice],
    },
    reader,
  );
}

/** To whoever has had it from somebody, when it is worth nothing any more. */
export function receivedTicketsVoidedMail(
  mail: ShowOfMail & { seats: string[]; isCancelled: boolean },
  reader: Reader,
): MailContent {
  const { title, isCancelled } = mail;
  const say = words[reader.language];
  const seats = mail.seats.join(", ");
  return noticeMail(
    {
      subject: isCancelled ? say.cancelled(title) : say.isVoid(title),
      heading: isCancelled ? say.cancelled(title) : say.givenBack,
      about: [title, ...placeAndTime(mail, reader.language)],
      sentences: [isCancelled ? say.noShow(seats) : say.opensNone(seats), say.toPayer],
    },
    reader,
  );
}

const words = {
  en: {
    forYou: (title: string) => `A ticket for you: ${title}`,
    wantsYou: "Somebody who has this ticket wants you to have it. It costs you nothing.",
    until: (until: string) => `Accept it until ${until}. Until then its owner may keep it.`,
    ignore: "If you do not know what this is about, do nothing, and nothing happens.",
    see: "See and accept the ticket",
    notAfterAll: (title: string) => `No ticket after all: ${title}`,
    notOffered: (seat: string) =>
      `The ticket for ${seat} is not offered to you any more. You need do nothing.`,
    hasGone: (title: string) => `Your ticket has gone on: ${title}`,
    accepted: "Your ticket was accepted",
    codeDies: (seat: string) =>
      `The ticket for ${seat} belongs to the person whom you offered it to. Your code for it opens no door any more.`,
    staysBooked:
      "The seat stays part of its booking: if it is given back, the money goes to whoever paid.",
    yours: (title: string) => `Your ticket for ${title}`,
    advice: "Show the code at the door. It opens it once.",
    cancelled: (title: string) => `Cancelled: ${title}`,
    isVoid: (title: string) => `Your ticket is void: ${title}`,
    givenBack: "Your ticket was given back",
    noShow: (seats: string) =>
      `We are sorry: this show does not take place. Your ticket for ${seats} can no longer be used.`,
    opensNone: (seats: string) =>
      `The ticket for ${seats} was given back where it was bought. It opens no door any more.`,
    toPayer: "What was paid goes back to whoever bought it.",
  },
  de: {
    forYou: (title: string) => `Eine Karte für Sie: ${title}`,
    wantsYou: "Jemand, der diese Karte hat, möchte sie Ihnen geben. Sie kostet Sie nichts.",
    until: (until: string) => `Nehmen Sie sie bis ${until} an. Bis dahin kann sie behalten werden.`,
    ignore: "Wenn Sie nicht wissen, worum es geht, tun Sie nichts. Dann geschieht nichts.",
    see: "Karte ansehen und annehmen",
    notAfterAll: (title: string) => `Doch keine Karte: ${title}`,
    notOffered: (seat: string) =>
      `Die Karte für ${seat} wird Ihnen nicht mehr angeboten. Sie müssen nichts tun.`,
    hasGone: (title: string) => `Ihre Karte ist weitergegeben: ${title}`,
    accepted: "Ihre Karte wurde angenommen",
    codeDies: (seat: string) =>
      `Die Karte für ${seat} gehört nun der Person, der Sie sie angeboten haben. Ihr Code dafür gilt am Einlass nicht mehr.`,
    staysBooked:
      "Der Platz bleibt Teil seiner Buchung: Wird er zurückgegeben, geht das Geld an den, der bezahlt hat.",
    yours: (title: string) => `Ihre Karte für ${title}`,
    advice: "Zeigen Sie am Einlass den Code. Er öffnet einmal.",
    cancelled: (title: string) => `Abgesagt: ${title}`,
    isVoid: (title: string) => `Ihre Karte gilt nicht mehr: ${title}`,
    givenBack: "Ihre Karte wurde zurückgegeben",
    noShow: (seats: string) =>
      `Es tut uns leid: Diese Vorstellung findet nicht statt. Ihre Karte für ${seats} gilt nicht mehr.`,
    opensNone: (seats: string) =>
      `Die Karte für ${seats} wurde dort zurückgegeben, wo sie gekauft wurde. Sie gilt am Einlass nicht mehr.`,
    toPayer: "Was bezahlt wurde, geht an den zurück, der sie gekauft hat.",
  },
};
