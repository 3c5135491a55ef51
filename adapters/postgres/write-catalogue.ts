import type { PlanProblem } from "../../domain/plan-problem.ts";
import type { CataloguePlan } from "./catalogue-plan.ts";
import type { Queryable } from "./pool.ts";
import { listKnownPosters } from "./posters.ts";
import type { PlannedShow } from "./plan-shows.ts";
import { publishShows } from "./publish-shows.ts";
import { writeChannels } from "./write-channels.ts";
import { writeReferences } from "./write-references.ts";
import { writeSeatRules } from "./write-seat-rules.ts";
import type { WrittenSeatRules } from "./write-seat-rules.ts";
import type { ShowBefore } from "./write-shows.ts";
import { upsertPromoCodes, writeShows } from "./write-shows.ts";
import { writeStretches } from "./write-stretches.ts";

export type WrittenCatalogue =
  | { outcome: "refused"; problems: PlanProblem[] }
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
 * Brings the catalogue to what a plan says, in the caller's transaction: everything is checked before anything is written. What is as
 * the plan says is left alone. Seats that somebody holds or has bought are never touched, nothing is deleted, and a show that was given
 * another time keeps it. One at a time for each organiser: two that change one show would each count on what the other replaces.
 */
export async function writeCatalogue(
  tx: Queryable,
  plan: CataloguePlan,
  options: { check: boolean; report?: (line: string) => void },
): Promise<WrittenCatalogue> {
  const { check, report = () => undefined } = options;
  const stored = await readStoredShows(tx, plan.shows);
  const shows = plan.shows.map((show) => ({ ...show, ...stored.get(show.showId)?.otherTimes }));
  const problems = [
    ...(await findMissingPosters(tx, plan)),
    ...(await findSoldConflicts(tx, shows, stored)),
  ];
  if (problems.length > 0) return { outcome: "refused", problems };
  if (check) return { outcome: "checked", shows: shows.length };

  const references = await writeReferences(tx, plan);
  report(`${references.rows} organisers, layouts, venues, halls and titles written`);
  const written = await writeShows(tx, { ...plan, shows }, stored, report);
  await writeStretches(tx, plan.layouts, shows);
  const seatRules = await writeSeatRules(tx, shows, stored);
  await upsertPromoCodes(tx, shows);
  const rechannelled = await writeChannels(tx, shows);
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
      showsUnchanged: shows.filter(isSame).length,
      seatsNew: written.seatsNew,
      seatsAllocated: seatRules.seatsChanged,
    },
    seatRules,
  };
}

/** A title may name a poster that an earlier file, or somebody at a desk, has brought. */
async function findMissingPosters(
  db: Queryable,
  { titles, posters }: CataloguePlan,
): Promise<PlanProblem[]> {
  const named = titles.flatMap(({ poster, path }) =>
    poster === undefined ? [] : [{ poster, path }],
  );
  const known = await listKnownPosters(
    db,
    named.map(({ poster }) => poster),
  );
  for (const { posterHash } of posters) known.add(posterHash);
  return named
    .filter(({ poster }) => !known.has(poster))
    .map(({ poster, path }) => ({
      path: [...path, "poster"],
      message: `There is no poster ${poster}`,
    }));
}

/** `otherTimes`: what a show has been given instead of what its series says. */
type StoredShow = ShowBefore & { otherTimes: ShowTimes | null };
type ShowTimes = Pick<
  PlannedShow,
  "startsAtMs" | "salesOpenAtMs" | "salesCloseAtMs" | "refundableUntilMs"
>;

async function readStoredShows(
  db: Queryable,
  shows: readonly PlannedShow[],
): Promise<Map<string, StoredShow>> {
  const { rows } = await db.query<StoredShow & { showId: string }>(
    `select show_id as "showId", layout_hash as "layoutHash", currency, seat_rules as "seatRules",
       case when exists (select 1 from show_reschedules moved where moved.show_id = shows.show_id) then jsonb_build_object(
         'startsAtMs', floor(extract(epoch from starts_at) * 1000),
         'salesOpenAtMs', floor(extract(epoch from sales_open_at) * 1000),
         'salesCloseAtMs', floor(extract(epoch from sales_close_at) * 1000),
         'refundableUntilMs', floor(extract(epoch from refundable_until) * 1000)) end as "otherTimes"
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
