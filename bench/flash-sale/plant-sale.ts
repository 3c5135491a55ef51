import type { Queryable } from "../../adapters/postgres/pool.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow, plantShowLike } from "../../tests/plant-show.ts";
import { hasDraw } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

/** Puts the shows on sale, without their lines. Returns their ids, as plain UUIDs. */
export async function plantShows(db: Queryable, scenario: Scenario): Promise<string[]> {
  const { shows, seats, isStanding } = scenario;
  const first = await plantShow(db, isStanding ? { places: seats } : { seats });
  const others = Array.from({ length: shows - 1 }, () => plantShowLike(db, first));
  const showIds = [first, ...(await Promise.all(others))];
  await db.query("vacuum analyze");
  return showIds;
}

/** Lines that open at a moment of the wall's time; whoever comes before the draw is shuffled, where there is one. */
export async function plantLines(
  db: Queryable,
  showIds: readonly string[],
  { scenario, openingMs }: { scenario: Scenario; openingMs: number },
): Promise<void> {
  const opensMs = openingMs - Date.now();
  const { arrivalSeconds, callsPerMinuteMax = null } = scenario;
  const drawMs = hasDraw(scenario) ? opensMs + arrivalSeconds * 1_000 + answeredMs : opensMs;
  for (const showId of showIds) await plantLine(db, showId, { opensMs, drawMs, callsPerMinuteMax });
}

/** Whoever comes last has a place by then. */
const answeredMs = 3_000;

/** A line that nobody stands in still calls those who went home, and shares the house's pace with the next one. */
export async function closeLines(db: Queryable, showIds: readonly string[]): Promise<void> {
  await db.query("update show_lines set closed_at = now() where show_id = any($1)", [showIds]);
}
