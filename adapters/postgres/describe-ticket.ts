import { DomainError } from "../../domain/errors.ts";
import { bookingIds, showIds, ticketIds } from "../../domain/ids.ts";
import type { Layout, LayoutSeat } from "../../domain/layout.ts";
import { seatOnTicket } from "../../domain/seat-on-ticket.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import type { SeatOnTicket, ShowOnTicket, TicketDocument } from "../../domain/ticket-document.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { StoredShow } from "./catalogue.ts";
import type { StoredTicket } from "./tickets.ts";

/** `qr` is the signed text of the code at the door; a void ticket has none. */
export type TicketView = {
  ticket: StoredTicket;
  show: ShowOnTicket;
  seat: SeatOnTicket;
  qr: string | null;
};

/** A ticket as people read it. `seat` is what the layout has by its seat's id: none for a place of an area. */
export function describeTicket(
  ticket: StoredTicket,
  {
    show,
    layout,
    seat,
  }: {
    show: StoredShow;
    layout: Pick<Layout, "sections" | "areas">;
    seat: LayoutSeat | undefined;
  },
  signing: TicketSigning,
): TicketView {
  const { ticketId, showId, seatId, issuedAtMs, status } = ticket;
  const signed = { ticketId: ticketIds.encode({ id: ticketId, showId }), seatId, issuedAtMs };
  return {
    ticket,
    show: describeShow(show),
    seat: seatOnTicket(layout, seatId, seat),
    qr: status === "live" ? signing.sign(signed) : null,
  };
}

/** What is handed out of a ticket. Throws TICKET_NOT_LIVE when it opens no door any more. */
export function toDocument({ ticket, show, seat, qr }: TicketView): TicketDocument {
  if (qr === null) throw new DomainError("TICKET_NOT_LIVE");
  const { showId } = ticket;
  return {
    ticketId: ticketIds.encode({ id: ticket.ticketId, showId }),
    bookingId: bookingIds.encode({ id: ticket.bookingId, showId }),
    ...{ qr, seat, show, code: ticketCode(ticket.ticketId) },
  };
}

function describeShow(show: StoredShow): ShowOnTicket {
  const { title, venue, hall, startsAtMs, localDate, localTime, status, version } = show;
  return {
    showId: showIds.encode(show.showId),
    title: title.name,
    format: show.format,
    ageRating: title.ageRating,
    venueName: venue.name,
    venueAddress: venue.address,
    city: venue.city,
    hallName: hall.name,
    ...{ latitude: venue.latitude, longitude: venue.longitude },
    ...{ startsAtMs, durationMinutes: title.durationMinutes, localDate, localTime },
    ...{ timeZone: venue.timeZone, status, version },
  };
}
