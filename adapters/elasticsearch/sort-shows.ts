import type { estypes } from "@elastic/elasticsearch";

import { isUuid } from "../../domain/ids.ts";
import type { ShowSearch } from "../../domain/show-search.ts";

/** One thing to sort by, and what its values look like in a cursor. */
export type SortStep = {
  by: estypes.SortCombinations;
  holds: (value: unknown) => boolean;
};

/** Ends with the id, so that no two shows are equal and a page ends at one place. */
export function sortShows(query: ShowSearch): SortStep[] {
  const { near } = query;
  switch (sortName(query)) {
    case "relevance":
      return [{ by: { _score: { order: "desc" } }, holds: isMeasure }, ...byDate];
    case "price":
      // Sums of two currencies cannot be compared: each currency by itself.
      return [
        { by: { currency: "asc" }, holds: (value) => currency.test(String(value)) },
        { by: { priceFrom: "asc" }, holds: isWhole },
        ...byDate,
      ];
    case "distance": {
      const location = { lat: near?.latitude ?? 0, lon: near?.longitude ?? 0 };
      return [
        { by: { _geo_distance: { location, order: "asc", unit: "km" } }, holds: isMeasure },
        ...byDate,
      ];
    }
    case "date":
      return byDate;
  }
}

/** Whoever searches by words wants what fits best first, whoever looks at what is on, what comes next. */
export function sortName({ sort, text, near }: ShowSearch): NonNullable<ShowSearch["sort"]> {
  if (sort === "distance" && near === undefined) return "date";
  return sort ?? (text ? "relevance" : "date");
}

const currency = /^[A-Z]{3}$/;

const byDate: SortStep[] = [
  { by: { startsAt: "asc" }, holds: isWhole },
  { by: { showId: "asc" }, holds: (value) => isUuid(String(value)) },
];

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

/** Scores and kilometres. */
function isMeasure(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) < 100_000;
}
