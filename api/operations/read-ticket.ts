import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findTicket } from "../../adapters/postgres/tickets.ts";
import type { StoredTicket } from "../../adapters/postgres/tickets.ts";
import { DomainError } from "../../domain/errors.ts";
import { ticketIds } from "../../domain/ids.ts";
import type { LayoutSeat } from "../../domain/layout.ts";
import { areaOfPlace, areasOf } from "../../domain/places.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { ShowCache } from "../shows/show-cache.ts";

/** `qr` is the signed text of the code at the door; a void ticket has none. A place has a section, which is its area, and no seat. */
export type TicketView = {
  ticket: StoredTicket;
  show: StoredShow;
  section: string;
  seat: Pick<LayoutSeat, "id" | "row" | "number"> | undefined;
  qr: string | null;
};

/** A ticket for who may see it: its owner, or whoever has the link from the mail (`userId` undefined). */
export function createReadTicket(deps: {
  db: Queryable;
  shows: ShowCache;
  signing: TicketSigning;
}) {
  return async (input: {
    ticketId: string;
    showId: string;
    userId: string | undefined;
  }): Promise<TicketView> => {
    const ticket = await findTicket(deps.db, input);
    const isAnothers = input.userId !== undefined && ticket?.userId !== input.userId;
    if (ticket === undefined || isAnothers) throw new DomainError("TICKET_NOT_FOUND");

    const show = await deps.shows.show(ticket.showId);
    const { layout, seats } = await deps.shows.layout(show.layoutHash);
    const seat = seats.get(ticket.seatId);
    const stands = [...layout.sections, ...areasOf(layout)];
    const standsIn = seat?.section ?? areaOfPlace(ticket.seatId);
    const section = stands.find(({ id }) => id === standsIn)?.name ?? "";
    return { ticket, show, section, seat, qr: ticket.status === "live" ? sign(ticket) : null };
  };

  function sign({ ticketId, showId, seatId, issuedAtMs }: StoredTicket): string {
    return deps.signing.sign({
      ticketId: ticketIds.encode({ id: ticketId, showId }),
      seatId,
      issuedAtMs,
    });
  }
}
