import { countItems } from "../../adapters/postgres/catalogue-items.ts";
import type { Item } from "../../adapters/postgres/catalogue-items.ts";
import type { CataloguePlan } from "../../adapters/postgres/catalogue-plan.ts";
import { keepItems } from "../../adapters/postgres/keep-items.ts";
import type { SavedItem } from "../../adapters/postgres/keep-items.ts";
import type { PoolClient } from "../../adapters/postgres/pool.ts";
import { listShowsById, seriesShowIds } from "../../adapters/postgres/series-shows.ts";
import type { SeriesShow } from "../../adapters/postgres/series-shows.ts";
import { writeCatalogue } from "../../adapters/postgres/write-catalogue.ts";
import type { ImportSummary } from "../../adapters/postgres/write-catalogue.ts";
import type { WrittenSeatRules } from "../../adapters/postgres/write-seat-rules.ts";
import { DomainError } from "../../domain/errors.ts";
import type { PlanPath, PlanProblem } from "../../domain/plan-problem.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { Member } from "./act-for.ts";
import { findDeskProblems } from "./find-desk-problems.ts";
import { planItems } from "./plan-items.ts";
import { isComing, keyOf } from "./read-items.ts";

/** A show that an item makes. `isNew`: it was not there before. */
export type PlannedTime = {
  showId: string;
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
  timeZone: string;
  isNew: boolean;
};

export type WrittenItems = {
  /** Of the item that was saved last. */
  version: number;
  isChange: boolean;
  summary: ImportSummary;
  shows: PlannedTime[];
  /** Coming shows that their series no longer names. They stay on sale until they are cancelled. */
  left: SeriesShow[];
  /** Seats that are held or sold and stay as they were, by show. */
  taken: WrittenSeatRules["taken"];
  news: WrittenSeatRules["news"];
};

/** With problems nothing was written. */
export type Written = { problems: PlanProblem[]; written: WrittenItems };

export type At = { tx: PoolClient; sealing: Sealing; member: Member };

/** An organisation has no more items than this. */
const itemsMax = 5_000;

/** Plans lists of a file, checks them, and writes rows and items; with `check` nothing is written. */
export async function writeItems(
  { tx, sealing, member }: At,
  { content, saved, check }: { content: object; saved: SavedItem[]; check: boolean },
): Promise<Written> {
  const { plan, problems } = planItems(content, member);
  const shows = await timesOf(tx, plan);
  const nothing = { ...unwritten, shows };
  if (problems.length > 0) return { problems, written: nothing };
  const deskProblems = await findDeskProblems(tx, plan, saved);
  if (deskProblems.length > 0) return { problems: deskProblems, written: nothing };
  const outcome = await writeCatalogue(tx, plan, { check });
  if (outcome.outcome === "refused") return { problems: outcome.problems, written: nothing };
  if (outcome.outcome === "checked") return { problems: [], written: nothing };

  const kept = await keep({ tx, sealing, member }, saved);
  const { summary, seatRules } = outcome;
  const { referenceRows, showsNew, showsChanged, seatsAllocated } = summary;
  const isChange = kept.isChange || referenceRows + showsNew + showsChanged + seatsAllocated > 0;
  const { taken, news } = seatRules;
  return { problems: [], written: { ...kept, isChange, summary, shows, taken, news } };
}

export function refusedAt(path: PlanPath, message: string): Written {
  return { problems: [{ path, message }], written: unwritten };
}

const unwritten: WrittenItems = {
  ...{ version: 0, isChange: false, shows: [], left: [], taken: [], news: [] },
  summary: {
    ...{ referenceRows: 0, showsNew: 0, showsChanged: 0 },
    ...{ showsUnchanged: 0, seatsNew: 0, seatsAllocated: 0 },
  },
};

/** Soonest first. */
async function timesOf(tx: PoolClient, plan: CataloguePlan): Promise<PlannedTime[]> {
  const ids = plan.shows.map(({ showId }) => showId);
  const known = new Set((await listShowsById(tx, ids)).map(({ showId }) => showId));
  const zones = new Map(plan.halls.map(({ hallId, timeZone }) => [hallId, timeZone]));
  return plan.shows
    .map(({ showId, hallId, startsAtMs, salesOpenAtMs, salesCloseAtMs }) => ({
      ...{ showId, startsAtMs, salesOpenAtMs, salesCloseAtMs },
      ...{ timeZone: zones.get(hallId) ?? "UTC", isNew: !known.has(showId) },
    }))
    .toSorted((one, other) => one.startsAtMs - other.startsAtMs);
}

/** Writes down what differs. */
async function keep({ tx, sealing, member }: At, saved: SavedItem[]) {
  const kept = await keepItems(tx, sealing, { organiserId: member.organiserId, saved });
  const changed = kept.filter(({ isChange }) => isChange);
  // Who has more by a file may go on with them.
  const grows = changed.some(({ before }) => before === undefined);
  if (grows && (await countItems(tx, member.organiserId)) > itemsMax) {
    throw new DomainError("ITEMS_TOO_MANY", { itemsMax });
  }
  const left: SeriesShow[] = [];
  for (const { list, before, item } of changed) {
    if (list !== "series" || before === undefined) continue;
    left.push(...(await listLeft(tx, keyOf(member), before, item)));
  }
  return { version: kept.at(-1)?.version ?? 0, isChange: changed.length > 0, left };
}

async function listLeft(tx: PoolClient, organiserKey: string, before: Item, after: Item) {
  const named = new Set(seriesShowIds(organiserKey, after));
  const dropped = seriesShowIds(organiserKey, before).filter((showId) => !named.has(showId));
  return (await listShowsById(tx, dropped)).filter(isComing);
}
