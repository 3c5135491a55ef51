import {
  listDoorChanges,
  listDoorTickets,
  readDoorCursor,
} from "../../adapters/postgres/door-tickets.ts";
import type { DoorTicket } from "../../adapters/postgres/door-tickets.ts";
import { countEntries, listConflicts } from "../../adapters/postgres/entries.ts";
import type { StoredConflict } from "../../adapters/postgres/entries.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Gate } from "../../domain/entry.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Layout } from "../../domain/layout.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";
import type { ShowCache } from "../shows/show-cache.ts";
import { requireOwnGates } from "./door-staff.ts";
import type { DoorAsk, FindAtDoor } from "./door-staff.ts";

/** What a scanner keeps of a show, so that it can work without the network. */
export type Manifest = {
  show: StoredShow;
  /** Where whoever asks works. */
  gates: Gate[];
  keys: TicketSigning["publicKeys"];
  layout: Layout;
  /** All of the show, or what has changed since. */
  tickets: DoorTicket[];
  /** Only of all: whoever asks for changes has the tickets, and counts them. */
  counts: Awaited<ReturnType<typeof countEntries>> | undefined;
  conflicts: StoredConflict[];
  /** Where to go on from. */
  cursorMs: number;
};

/**
 * A change commits this much later than its own time at the most: what voids or issues tickets takes some ms. One whose process stood
 * still for longer before its commit is heard of when the list is read as a whole again; with the network it counts at once.
 */
const settledMs = 10_000;

export function createReadManifest(deps: {
  readingDb: Queryable;
  shows: ShowCache;
  signing: TicketSigning;
  findAtDoor: FindAtDoor;
}) {
  /** Throws SHOW_NOT_FOUND, ROLE_TOO_LOW, GATE_NOT_YOURS for whoever works at no gate there, DOOR_CLOSED on other days. */
  return async ({
    sinceMs,
    ...ask
  }: DoorAsk & { sinceMs: number | undefined }): Promise<Manifest> => {
    const door = await deps.findAtDoor(ask);
    requireOwnGates(door);
    if (!door.isOpen) throw new DomainError("DOOR_CLOSED");
    const { showId } = ask;
    const show = await deps.shows.show(showId);
    const { layout } = await deps.shows.layout(show.layoutHash);
    const db = deps.readingDb;
    // Before the tickets are read: what changes meanwhile comes again the next time.
    const cursorMs = await readDoorCursor(db, { showId, settledMs });
    const isWhole = sinceMs === undefined;
    return {
      ...{ show, layout, gates: door.ownGates, keys: deps.signing.publicKeys, cursorMs },
      tickets: isWhole
        ? await listDoorTickets(db, showId)
        : await listDoorChanges(db, { showId, sinceMs: sinceMs - settledMs }),
      counts: isWhole ? await countEntries(db, showId) : undefined,
      conflicts: await listConflicts(db, showId),
    };
  };
}
