import { undoEntry } from "../../adapters/postgres/entries.ts";
import { listDoorShows } from "../../adapters/postgres/gates.ts";
import type { DoorShow } from "../../adapters/postgres/gates.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import type { Gate } from "../../domain/entry.ts";
import { DomainError } from "../../domain/errors.ts";
import { showIds } from "../../domain/ids.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import { ticketCode } from "../../domain/ticket-code.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { ActFor } from "../organisers/act-for.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { createAdmitScans } from "./admit-scans.ts";
import { createFindAtDoor, ownGatesOf } from "./door-staff.ts";
import type { DoorAsk } from "./door-staff.ts";
import { createFindSection } from "./find-section.ts";
import { createFindTickets } from "./find-tickets.ts";
import { createReadManifest } from "./read-manifest.ts";
import { createWatchDoor } from "./watch-door.ts";

/** What those see and do who let people in. */
export function createDoor(clients: {
  db: Database;
  /** For what is only looked at: a manifest is large. */
  readingDb: Queryable;
  shows: ShowCache;
  signing: TicketSigning;
  actFor: ActFor;
}) {
  const { db } = clients;
  const findAtDoor = createFindAtDoor(db);
  const findTickets = createFindTickets(clients);
  const deps = {
    ...clients,
    findAtDoor,
    findTickets,
    findSection: createFindSection(clients.shows),
  };
  return {
    /** The shows of today at whose doors somebody works, with their gates there. */
    async shows(userId: string): Promise<(DoorShow & { gates: Gate[] })[]> {
      const shows = await listDoorShows(clients.readingDb, userId);
      return shows
        .filter(({ role }) => mayDo(role, "admit"))
        .map((show) => ({ ...show, gates: ownGatesOf(show) }))
        .filter(({ gates }) => gates.length > 0);
    },

    watch: createWatchDoor(deps),
    readManifest: createReadManifest(deps),
    admitScans: createAdmitScans(deps),

    /**
     * Takes back that somebody was let in on a ticket, which may be used again then. Throws ENTRY_NOT_FOUND, SHOW_NOT_FOUND,
     * ROLE_TOO_LOW.
     */
    async undo({ code, ...ask }: DoorAsk & { code: string }): Promise<void> {
      const { organiserId } = await findAtDoor(ask);
      const { userId, showId } = ask;
      // Before the transaction: it has a connection, and this takes another.
      const [found] = await findTickets(showId, [code]);
      await clients.actFor.act({ userId, organiserId, permission: "undo entries" }, async (tx) => {
        if (found?.outcome !== "found") throw new DomainError("ENTRY_NOT_FOUND");
        const { ticketId, seatId } = found;
        const gate = await undoEntry(tx, { showId, ticketId, userId });
        if (gate === undefined) throw new DomainError("ENTRY_NOT_FOUND");
        const details = { gate, seatId, ticket: ticketCode(ticketId) };
        return {
          result: undefined,
          action: { action: "entry undone", subject: showIds.encode(showId), details },
        };
      });
    },
  };
}
