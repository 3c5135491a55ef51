import { notePlaceEnd } from "../../adapters/postgres/line-desk.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { DomainError } from "../../domain/errors.ts";
import type { FindLine } from "../line/find-line.ts";
import type { Lines } from "../line/lines.ts";

/** `actor` is a user id, of whom a row is left. */
type PlaceEnd = { showId: string; actor: string; number: number };

/**
 * Ends the place of whoever has this number: a pass that came of it is dead within a second or two, and who still waits hears at their
 * turn that they have missed it. Throws LINE_NOT_FOUND, REQUEST_INVALID for a number that nobody has, or before the draw, and
 * UNAVAILABLE: then the row is there already, and it must be asked for again.
 */
export function createEndPlace(deps: {
  db: Queryable;
  find: FindLine;
  lines: Pick<Lines, "hurry">;
  store: Pick<LineStore, "leave">;
}) {
  const { db, find, lines, store } = deps;
  return async (end: PlaceEnd): Promise<void> => {
    const { showId, number } = end;
    const line = find.line(showId);
    if (line.numberOf(1) === null || number > line.view().joined) {
      throw new DomainError("REQUEST_INVALID");
    }
    if (!(await notePlaceEnd(db, end))) throw new DomainError("LINE_NOT_FOUND");
    await store.leave({ showId }, { person: nobody, entry: 0, number });
    lines.hurry(showId);
  };
}

/** Who it is does not matter, and is not known here. */
const nobody = "00000000-0000-0000-0000-000000000000";
