import { showOnTicket } from "../../adapters/postgres/show-on-ticket.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findTicket, listTicketsOf } from "../../adapters/postgres/tickets.ts";
import type { StoredTicket } from "../../adapters/postgres/tickets.ts";
import { DomainError } from "../../domain/errors.ts";
import { bookingIds, ticketIds } from "../../domain/ids.ts";
import { seatOnTicket } from "../../domain/seat-on-ticket.ts";
import type { SeatOnTicket, ShowOnTicket, TicketDocument } from "../../domain/ticket-document.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";

/** `qr` is the signed text of the code at the door; a void ticket has none. */
export type TicketView = {
  ticket: StoredTicket;
  show: ShowOnTicket;
  seat: SeatOnTicket;
  qr: string | null;
};

type Deps = { db: Queryable; shows: ShowCache; signing: TicketSigning };

/** A ticket for who may see it: its owner, or whoever has the link from the mail (`userId` undefined). */
export function createReadTicket(deps: Deps) {
  const describe = describeWith(deps);
  return async (input: {
    ticketId: string;
    showId: string;
    userId: string | undefined;
  }): Promise<TicketView> => {
    const ticket = await findTicket(deps.db, input);
    const isAnothers = input.userId !== undefined && ticket?.userId !== input.userId;
    if (ticket === undefined || isAnothers) throw new DomainError("TICKET_NOT_FOUND");
    return describe(ticket);
  };
}

/** The tickets of a booking that its buyer has, void ones too, in the order of their seats. Throws TICKET_NOT_LIVE: it has none. */
export function createReadTickets(deps: Deps) {
  const describe = describeWith(deps);
  return async (own: OwnBooking): Promise<TicketView[]> => {
    const tickets = await listTicketsOf(deps.db, own);
    if (tickets.length === 0) {
      await readBooking(deps.db, own);
      throw new DomainError("TICKET_NOT_LIVE");
    }
    return Promise.all(tickets.map(describe));
  };
}

/** What is handed out of a ticket. Throws TICKET_NOT_LIVE when it opens no door any more. */
export function toDocument({ ticket, show, seat, qr }: TicketView): TicketDocument {
  if (qr === null) throw new DomainError("TICKET_NOT_LIVE");
  const { showId } = ticket;
  return {
    ticketId: ticketIds.encode({ id: ticket.ticketId, showId }),
    bookingId: bookingIds.encode({ id: ticket.bookingId, showId }),
    ...{ qr, seat, show },
  };
}

function describeWith({ shows, signing }: Deps) {
  return async (ticket: StoredTicket): Promise<TicketView> => {
    const show = await shows.show(ticket.showId);
    const { layout, seats } = await shows.layout(show.layoutHash);
    return {
      ticket,
      show: showOnTicket(show),
      seat: seatOnTicket(layout, ticket.seatId, seats.get(ticket.seatId)),
      qr: ticket.status === "live" ? signTicket(signing, ticket) : null,
    };
  };
}

function signTicket(
  signing: TicketSigning,
  { ticketId, showId, seatId, issuedAtMs }: StoredTicket,
): string {
  return signing.sign({
    ticketId: ticketIds.encode({ id: ticketId, showId }),
    seatId,
    issuedAtMs,
  });
}
