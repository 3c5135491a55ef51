import {
  countSeatGroups,
  listSalesGroups,
  listSeatGroups,
} from "../../adapters/postgres/show-figures.ts";
import {
  listOrganiserShows,
  listOrganiserTitles,
} from "../../adapters/postgres/organiser-shows.ts";
import type { OrganiserShow, ShowPeriod } from "../../adapters/postgres/organiser-shows.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { areaOfPlace, areasOf } from "../../domain/places.ts";
import { countShow, noSeats, seatState, sumSales } from "../../domain/show-figures.ts";
import type { SalesSums, SeatCounts, ShowFigures } from "../../domain/show-figures.ts";
import { createKeptValues } from "../../platform/kept-values.ts";
import type { IndexedLayout, ShowCache } from "../shows/show-cache.ts";
import type { ActFor } from "./act-for.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";
import type { Ask } from "./organisations.ts";

export type NamedFigures = Omit<ShowFigures, "bySection"> & {
  show: StoredShow;
  /** When they were counted, epoch milliseconds. */
  asOfMs: number;
  bySection: { section: string; name: string; seats: SeatCounts }[];
};

export type ShowLine = { show: OrganiserShow; seats: SeatCounts; sales: SalesSums };

/** `total` has a sum for each currency of the page's shows. */
export type SalesPage = {
  shows: ShowLine[];
  total: { currency: string; seats: SeatCounts; sales: SalesSums }[];
  /** Where the next page goes on; null: that is all. */
  next: string | null;
};

/**
 * What is sold, and for how much. A show's figures are kept for two seconds in each process, so that a room full of people who look at
 * them costs one pass over its seats and one over its bookings in that time.
 */
export function createReadShowSales(deps: {
  db: Queryable;
  actFor: ActFor;
  actOnShow: ActOnShow;
  shows: ShowCache;
}) {
  const { db, shows } = deps;
  const kept = createKeptValues<NamedFigures>({
    ...{ freshMs: 2_000, staleMsMax: 0, roomMax: 200, roomOf: () => 1 },
  });
  return {
    async ofShow(ask: ShowAsk): Promise<NamedFigures> {
      await deps.actOnShow.memberOf({ ...ask, permission: "see figures" });
      const counted = await kept.get(ask.showId, () => countNamed(db, shows, ask.showId));
      if (counted === undefined) throw new Error("A show that was found is counted");
      return counted.value;
    },

    /** Shows by their starts, those of a title or of a period alone. Throws CURSOR_INVALID. */
    async ofShows({ period, ...ask }: Ask & { period: ShowPeriod }): Promise<SalesPage> {
      await deps.actFor.memberOf({ ...ask, permission: "see figures" });
      const page = await listOrganiserShows(db, { ...period, organiserId: ask.organiserId });
      const lines = await countLines(db, page.shows);
      const next = page.isLast ? null : (page.shows.at(-1)?.showId ?? null);
      return { shows: lines, total: totalOf(lines), next };
    },

    /** What `ofShows` may be asked for, by name. */
    async titles(ask: Ask): Promise<{ titleId: string; name: string }[]> {
      await deps.actFor.memberOf({ ...ask, permission: "see figures" });
      return listOrganiserTitles(db, ask.organiserId);
    },
  };
}

async function countNamed(db: Queryable, shows: ShowCache, showId: string): Promise<NamedFigures> {
  const asOfMs = Date.now();
  const { show, layout } = await shows.withLayout(showId);
  const groups = await listSeatGroups(db, showId);
  const sales = await listSalesGroups(db, [showId]);
  const figures = countShow(groups, sales, (seatId) => sectionOf(layout, seatId));
  const names = new Map(
    [...layout.layout.sections, ...areasOf(layout.layout)].map(({ id, name }) => [id, name]),
  );
  const bySection = figures.bySection.map(({ section, seats }) => ({
    ...{ section, seats, name: names.get(section) ?? section },
  }));
  return { ...figures, show, asOfMs, bySection };
}

/** The section of a seat, or the area of a place. */
export function sectionOf({ seats }: IndexedLayout, seatId: string): string {
  return areaOfPlace(seatId) ?? seats.get(seatId)?.section ?? "";
}

async function countLines(db: Queryable, shows: OrganiserShow[]): Promise<ShowLine[]> {
  if (shows.length === 0) return [];
  const showIds = shows.map(({ showId }) => showId);
  const counts = Map.groupBy(await countSeatGroups(db, showIds), ({ showId }) => showId);
  const sales = Map.groupBy(await listSalesGroups(db, showIds), ({ showId }) => showId);
  return shows.map((show) => {
    const seats = noSeats();
    for (const group of counts.get(show.showId) ?? []) {
      seats[seatState(group)] += group.seats;
    }
    return { show, seats, sales: sumSales(sales.get(show.showId) ?? []) };
  });
}

function totalOf(lines: ShowLine[]): SalesPage["total"] {
  const byCurrency = Map.groupBy(lines, ({ show }) => show.currency);
  return [...byCurrency].map(([currency, own]) => ({
    currency,
    seats: addUp(
      own.map(({ seats }) => seats),
      noSeats(),
    ),
    sales: addUp(
      own.map(({ sales }) => sales),
      sumSales([]),
    ),
  }));
}

function addUp<Sums extends Record<string, number>>(all: Sums[], none: Sums): Sums {
  const names = Object.keys(none);
  const sums = names.map((name) => [name, all.reduce((sum, one) => sum + (one[name] ?? 0), 0)]);
  return Object.fromEntries(sums) as Sums;
}
