import { describeTicket } from "../../adapters/postgres/describe-ticket.ts";
import type { TicketView } from "../../adapters/postgres/describe-ticket.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findTicket, listTicketsOf } from "../../adapters/postgres/tickets.ts";
import type { StoredTicket } from "../../adapters/postgres/tickets.ts";
import { DomainError } from "../../domain/errors.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { readBooking } from "./read-booking.ts";
import type { OwnBooking } from "./read-booking.ts";

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

function describeWith({ shows, signing }: Deps) {
  return async (ticket: StoredTicket): Promise<TicketView> => {
    const show = await shows.show(ticket.showId);
    const { layout, seats } = await shows.layout(show.layoutHash);
    return describeTicket(ticket, { show, layout, seat: seats.get(ticket.seatId) }, signing);
  };
}
