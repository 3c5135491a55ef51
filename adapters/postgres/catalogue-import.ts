import type { PlanProblem } from "../../domain/plan-problem.ts";
import type { Pool, Queryable } from "./pool.ts";
import { withTransaction } from "./pool.ts";
import type { PlannedShow } from "./plan-shows.ts";
import { publishShows } from "./publish-shows.ts";
import { locate, readCatalogue } from "./read-catalogue.ts";
import type { CatalogueProblem } from "./read-catalogue.ts";
import { writeReferences } from "./write-references.ts";
import { writeChannels } from "./write-channels.ts";
import { writeStretches } from "./write-stretches.ts";
import { writeSeatRules } from "./write-seat-rules.ts";
import type { WrittenSeatRules } from "./write-seat-rules.ts";
import type { ShowBefore } from "./write-shows.ts";
import { upsertPromoCodes, writeShows } from "./write-shows.ts";

export type ImportOutcome =
  | { outcome: "refused"; problems: CatalogueProblem[] }
  | { outcome: "checked"; shows: number }
  | { outcome: "imported"; summary: ImportSummary; seatRules: WrittenSeatRules };

export type ImportSummary = {
  /** Organisers, layouts, venues, halls and titles that are new or changed. */
  referenceRows: number;
  showsNew: number;
  /** Also shows that the file does not name, when their title or venue has changed. */
  showsChanged: number;
  showsUnchanged: number;
  seatsNew: number;
  /** Blocked, put into a channel, or released from either. */
  seatsAllocated: number;
};

/**
 * Brings the catalogue to what a file says: everything is checked before anything is written, and all of it is written in one
 * transaction or none. What is as the file says is left alone, so a second import of a file writes nothing. Seats that somebody
 * holds or has bought are never touched. Nothing is deleted: what a file does not name stays as it is.
 */
export async function importCatalogue(
  pool: Pool,
  text: string,
  options: { check: boolean; report: (line: string) => void },
): Promise<ImportOutcome> {
  const read = readCatalogue(text);
  if (read.outcome === "refused") return read;
  const { plan } = read;
  options.report(`the file is well-formed: ${plan.shows.length} shows`);
  return withTransaction(pool, async (tx): Promise<ImportOutcome> => {
    // One import at a time: two that change one show would each count on what the other replaces.
    await tx.query("select pg_advisory_xact_lock(hashtext('marquee catalogue import'))");
    const stored = await readStoredShows(tx, plan.shows);
    const problems = await findSoldConflicts(tx, plan.shows, stored);
    if (problems.length > 0) return { outcome: "refused", problems: locate(text, problems) };
    if (options.check) return { outcome: "checked", shows: plan.shows.length };

    const references = await writeReferences(tx, plan);
    options.report(`${references.rows} organisers, layouts, venues, halls and titles written`);
    const written = await writeShows(tx, plan, stored, options.report);
    await writeStretches(tx, plan.layouts, plan.shows);
    const seatRules = await writeSeatRules(tx, plan.shows, stored);
    await upsertPromoCodes(tx, plan.shows);
    const rechannelled = await writeChannels(tx, plan.shows);
    const changed = await raiseVersions(tx, {
      showIds: [...written.changedShowIds, ...rechannelled],
      titleIds: references.titleIds,
      hallIds: references.hallIds,
      newShowIds: written.newShowIds,
    });
    await publishShows(tx, [...written.newShowIds, ...changed]);
    const changedIds = new Set(changed);
    const isSame = ({ showId }: PlannedShow) => stored.has(showId) && !changedIds.has(showId);
    return {
      outcome: "imported",
      summary: {
        referenceRows: references.rows,
        showsNew: written.newShowIds.length,
        showsChanged: changed.length,
        showsUnchanged: plan.shows.filter(isSame).length,
        seatsNew: written.seatsNew,
        seatsAllocated: seatRules.seatsChanged,
      },
      seatRules,
    };
  });
}

async function readStoredShows(
  db: Queryable,
  shows: readonly PlannedShow[],
): Promise<Map<string, ShowBefore>> {
  const { rows } = await db.query<ShowBefore & { showId: string }>(
    `select show_id as "showId", layout_hash as "layoutHash", currency, seat_rules as "seatRules"
     from shows where show_id = any($1::uuid[])`,
    [shows.map(({ showId }) => showId)],
  );
  return new Map(rows.map(({ showId, ...show }) => [showId, show]));
}

/**
 * A show's seats and currency change only while nobody holds or has bought a seat. Locks the seats of the shows that are to change,
 * so that this is still true when they are written.
 */
async function findSoldConflicts(
  db: Queryable,
  shows: readonly PlannedShow[],
  stored: ReadonlyMap<string, ShowBefore>,
): Promise<PlanProblem[]> {
  const problems: PlanProblem[] = [];
  for (const show of shows) {
    const before = stored.get(show.showId);
    if (before === undefined) continue;
    const changes = [
      ...(before.layoutHash === show.layoutHash ? [] : ["layout"]),
      ...(before.currency === show.currency ? [] : ["currency"]),
    ];
    if (changes.length === 0) continue;
    const { rows } = await db.query<{ status: string }>(
      "select status from show_seats where show_id = $1 order by seat_id for update",
      [show.showId],
    );
    const taken = rows.filter(({ status }) => status === "held" || status === "booked").length;
    if (taken === 0) continue;
    problems.push({
      path: show.path,
      message: `${show.label}: its ${changes.join(" and ")} cannot change: ${taken} seats are held or sold`,
    });
  }
  return problems;
}

/** Raises the version of every show whose document is another now, and returns their ids; new ones are at their first. */
async function raiseVersions(
  db: Queryable,
  changes: { showIds: string[]; titleIds: string[]; hallIds: string[]; newShowIds: string[] },
): Promise<string[]> {
  const { rows } = await db.query<{ showId: string }>(
    `update shows set version = version + 1
      where (show_id = any($1::uuid[]) or title_id = any($2::uuid[]) or hall_id = any($3::uuid[]))
        and show_id <> all($4::uuid[])
      returning show_id as "showId"`,
    [changes.showIds, changes.titleIds, changes.hallIds, changes.newShowIds],
  );
  return rows.map(({ showId }) => showId);
}
