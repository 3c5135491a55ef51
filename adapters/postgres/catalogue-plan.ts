import { createHash } from "node:crypto";

import { expandLayout } from "../../domain/expand-layout.ts";
import type { Layout } from "../../domain/layout.ts";
import { areasOf, seatCountOf } from "../../domain/places.ts";
import { errorTable } from "../../domain/errors.ts";
import type { PlanPath, PlanProblem } from "../../domain/plan-problem.ts";
import { readPoster } from "../../domain/read-poster.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { CatalogueFile, FileItem } from "./catalogue-file.ts";
import { keyRows, lookUp, rowsOf, usedTwice } from "./keyed-rows.ts";
import type { Keyed } from "./keyed-rows.ts";
import { fileBounds, planShows } from "./plan-shows.ts";
import type { PlanBounds, PlannedShow } from "./plan-shows.ts";
import { hashPoster } from "./posters.ts";
import type { Poster } from "./posters.ts";

/** A catalogue file as the rows that it means. */
export type CataloguePlan = {
  organisers: { organiserId: string; key: string; name: string }[];
  layouts: PlannedLayout[];
  posters: Poster[];
  venues: PlannedVenue[];
  halls: PlannedHall[];
  titles: PlannedTitle[];
  shows: PlannedShow[];
};

export type PlannedLayout = {
  layoutHash: string;
  layout: Layout;
  seatCount: number;
  priceCodes: ReadonlySet<string>;
};

export type PlannedVenue = FileItem<"venues"> & {
  venueId: string;
  organiserId: string;
};

export type PlannedHall = {
  hallId: string;
  venueId: string;
  name: string;
  timeZone: string;
  layout: PlannedLayout;
};

export type PlannedTitle = FileItem<"titles"> & {
  titleId: string;
  organiserId: string;
  /** Where the file has it. */
  path: PlanPath;
};

/** The rows of a file whose fields are right, and everything in it that does not fit together. */
export function planCatalogue(
  file: CatalogueFile,
  bounds: PlanBounds = fileBounds,
): {
  plan: CataloguePlan;
  problems: PlanProblem[];
} {
  const problems: PlanProblem[] = [];
  const organisers = keyRows(file.organisers, ["organisers"], problems, ({ name }, key) => ({
    organiserId: deriveUuid("organiser", key),
    ...{ key, name },
  }));
  const layouts = planLayouts(file, problems);
  const venues = keyRows(file.venues, ["venues"], problems, (venue, key, path) => {
    const { organiser } = venue;
    const owner = lookUp(organisers, organiser, "organiser", [...path, "organiser"], problems);
    const venueId = deriveUuid("venue", organiser, key);
    return owner && { ...venue, venueId, organiserId: owner.organiserId };
  });
  const halls = planHalls(file, venues, layouts, problems);
  const titles = keyRows(file.titles, ["titles"], problems, (title, key, path) => {
    const { organiser } = title;
    const owner = lookUp(organisers, organiser, "organiser", [...path, "organiser"], problems);
    const titleId = deriveUuid("title", organiser, key);
    return owner && { ...title, titleId, organiserId: owner.organiserId, path };
  });
  const shows = planShows(file.series, { titles, venues, halls }, problems, bounds);
  const plan = {
    organisers: rowsOf(organisers),
    layouts: distinct(rowsOf(layouts)),
    posters: planPosters(file.posters, problems),
    venues: rowsOf(venues),
    halls: rowsOf(halls),
    titles: rowsOf(titles),
    shows,
  };
  return { plan, problems };
}

function planLayouts(file: CatalogueFile, problems: PlanProblem[]): Keyed<PlannedLayout> {
  return keyRows(file.layouts, ["layouts"], problems, (item, _key, path) => {
    const expanded = expandLayout(item, path);
    if (expanded.outcome === "refused") {
      for (const problem of expanded.problems) problems.push(problem);
      return undefined;
    }
    const { layout } = expanded;
    // Its fields are always written in one order, so that the same layout has the same hash.
    const hash = createHash("sha256").update(JSON.stringify(layout)).digest("hex");
    return {
      layoutHash: hash.slice(0, 32),
      layout,
      seatCount: seatCountOf(layout),
      priceCodes: new Set([...layout.seats, ...areasOf(layout)].map(({ priceCode }) => priceCode)),
    };
  });
}

function planPosters(posters: readonly string[], problems: PlanProblem[]): Poster[] {
  return posters.flatMap((base64, index) => {
    const bytes = Buffer.from(base64, "base64");
    const read = readPoster(bytes);
    if (read.outcome === "refused") {
      problems.push({ path: ["posters", index], message: errorTable[read.code].title });
      return [];
    }
    const { mediaType, width, height } = read;
    return [{ posterHash: hashPoster(bytes), bytes, mediaType, width, height }];
  });
}

/** By "venue/hall", as series name them. */
function planHalls(
  file: CatalogueFile,
  venues: Keyed<PlannedVenue>,
  layouts: Keyed<PlannedLayout>,
  problems: PlanProblem[],
): Keyed<PlannedHall> {
  const halls = new Map<string, PlannedHall | undefined>();
  for (const [venueIndex, { key: venueKey, item }] of file.venues.entries()) {
    if (venueKey === undefined || item === undefined) continue;
    const venue = venues.get(venueKey);
    for (const [hallIndex, { key, name, layout: layoutKey }] of item.halls.entries()) {
      const path = ["venues", venueIndex, "halls", hallIndex];
      const layout = lookUp(layouts, layoutKey, "layout", [...path, "layout"], problems);
      const named = `${venueKey}/${key}`;
      if (halls.has(named)) problems.push(usedTwice(key, [...path, "key"]));
      const { venueId, timeZone } = venue ?? {};
      const isWhole = layout !== undefined && venueId !== undefined && timeZone !== undefined;
      const hallId = deriveUuid("hall", venueId ?? "", key);
      halls.set(named, isWhole ? { hallId, venueId, name, timeZone, layout } : undefined);
    }
  }
  return halls;
}

/** Two keys may describe one and the same layout. */
function distinct(layouts: readonly PlannedLayout[]): PlannedLayout[] {
  return [...new Map(layouts.map((layout) => [layout.layoutHash, layout])).values()];
}
