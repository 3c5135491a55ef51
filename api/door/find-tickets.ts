import { findTicketsByTails } from "../../adapters/postgres/door-tickets.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { ticketIds } from "../../domain/ids.ts";
import { readTicketCode } from "../../domain/ticket-code.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";

/** Which ticket a code is of. `seatId` is the one that it was issued for. */
export type FoundTicket =
  | { outcome: "found"; ticketId: string; seatId: string }
  | { outcome: "not_ours" | "wrong_show" | "unknown" };

/** Reads what was scanned or typed at the door of a show, in the order of the codes: one query for all that were typed. */
export function createFindTickets({ db, signing }: { db: Queryable; signing: TicketSigning }) {
  return async (showId: string, codes: string[]): Promise<FoundTicket[]> => {
    const tails = codes.flatMap((code) => readTicketCode(code) ?? []);
    const typed = tails.length === 0 ? [] : await findTicketsByTails(db, { showId, tails });
    const byTail = Map.groupBy(typed, ({ tail }) => tail);

    return codes.map((code) => {
      const tail = readTicketCode(code);
      if (tail === undefined) return readSigned(showId, code);
      const [ticket, ...others] = byTail.get(tail) ?? [];
      if (ticket === undefined || others.length > 0) return { outcome: "unknown" };
      return { outcome: "found", ticketId: ticket.ticketId, seatId: ticket.seatId };
    });
  };

  function readSigned(showId: string, code: string): FoundTicket {
    const signed = signing.verify(code);
    if (signed === undefined) return { outcome: "not_ours" };
    const ticket = ticketIds.decode(signed.ticketId);
    if (ticket.showId !== showId) return { outcome: "wrong_show" };
    return { outcome: "found", ticketId: ticket.id, seatId: signed.seatId };
  }
}

export type FindTickets = ReturnType<typeof createFindTickets>;
