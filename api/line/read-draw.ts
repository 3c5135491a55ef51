import { readDraw } from "../../adapters/postgres/lines.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { LineDraw } from "../../domain/line.ts";
import { createKeptValues } from "../../platform/kept-values.ts";
import type { Slips } from "../../platform/slips.ts";
import { drawSeed, publicDraw } from "./line-draw.ts";

/**
 * What the draw of a show is checked with, also when its line is closed and the show is over: whoever complains does so afterwards.
 * Throws LINE_NOT_FOUND for a show that never had a line.
 */
export function createReadDraw({ db, slips }: { db: Queryable; slips: Pick<Slips, "secret"> }) {
  const kept = createKeptValues<LineDraw>({
    ...{ freshMs: 2_000, staleMsMax: 60_000, roomMax: 1_000, roomOf: () => 1 },
  });
  async function load(showId: string): Promise<LineDraw | undefined> {
    const stored = await readDraw(db, showId);
    return stored && publicDraw(drawSeed(slips, { showId, ...stored }))(stored);
  }
  return async (showId: string): Promise<LineDraw> => {
    const found = await kept.get(showId, () => load(showId));
    if (found === undefined) throw new DomainError("LINE_NOT_FOUND");
    return found.value;
  };
}
