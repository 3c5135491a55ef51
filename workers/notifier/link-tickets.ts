import type { TicketOfMail } from "../../adapters/email/ticket-rows.ts";
import type { BookingConfirmed } from "../../domain/events.ts";
import { ticketIds } from "../../domain/ids.ts";
import { nameSeats } from "../../domain/name-seats.ts";
import type { Language } from "../../domain/notices.ts";
import { areaOfPlace } from "../../domain/places.ts";
import type { Areas, NoticeTools } from "./notice.ts";

/** The page of each ticket, which opens without signing in. */
export function linkTickets(
  { showId, ticketDetails }: Pick<BookingConfirmed, "showId" | "ticketDetails">,
  { areas, language }: { areas: Areas; language: Language },
  { links, publicUrl }: Pick<NoticeTools, "links" | "publicUrl">,
): TicketOfMail[] {
  const publicTickets = ticketDetails.map(({ ticketId, seatId }) => ({
    seat: seatTitle(seatId, { areas, language }),
    publicId: ticketIds.encode({ id: ticketId, showId }),
  }));
  return publicTickets.map(({ seat, publicId }) => ({
    seat,
    // After the '#', so that the key stays out of every log on the way.
    link: `${publicUrl}/tickets/${publicId}#${links.access(publicId)}`,
  }));
}

/** "Seat F12", or the name of an area. */
export function seatTitle(
  seatId: string,
  { areas, language }: { areas: Areas; language: Language },
): string {
  return areaOfPlace(seatId) === undefined
    ? `${seatWord[language]} ${seatId}`
    : nameSeats([seatId], areas).join();
}

const seatWord: Record<Language, string> = { en: "Seat", de: "Platz" };
