import type { estypes } from "@elastic/elasticsearch";

import type { ShowSearch } from "../../domain/show-search.ts";
import type { Clause } from "./clause.ts";

/**
 * How well the words fit, times at most 2.3: half as much again for a show at the place that was asked for, 0.3 for one that begins now,
 * 0.3 for one that is all but sold, 0.2 for one that can be had. So words decide, and the rest decides between shows that they fit
 * alike. Popularity is the share of its seats that a show has sold, as the index knows it.
 */
export function rankShows(query: Clause, { near }: ShowSearch, nowMs: number): Clause {
  return {
    function_score: {
      query,
      functions: [
        { weight: 1 },
        // Half of it is left after a week.
        { weight: 0.3, exp: { startsAt: { origin: String(nowMs), scale: "7d", decay: 0.5 } } },
        { weight: 0.003, field_value_factor: { field: "soldPercent", missing: 0 } },
        { weight: 0.2, filter: { bool: { must_not: { term: { availability: "sold_out" } } } } },
        ...(near === undefined ? [] : [closeness(near)]),
      ],
      score_mode: "sum",
      boost_mode: "multiply",
    },
  };
}

/** Half of it is left at half of the radius. */
function closeness(near: NonNullable<ShowSearch["near"]>): estypes.QueryDslFunctionScoreContainer {
  const origin = { lat: near.latitude, lon: near.longitude };
  const decay = { location: { origin, scale: `${near.radiusKm / 2}km`, decay: 0.5 } };
  return { weight: 0.5, gauss: decay };
}
