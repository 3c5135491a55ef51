import type { CataloguePlan, PlannedVenue } from "../../adapters/postgres/catalogue-plan.ts";
import { listHallsInUse, readVenueZone } from "../../adapters/postgres/catalogue-uses.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { findStoredClashes } from "../../adapters/postgres/series-shows.ts";
import type { PlanProblem } from "../../domain/plan-problem.ts";

/** What does not fit to what the organisation has already. A plan alone cannot know it. */
export async function findDeskProblems(
  db: Queryable,
  plan: CataloguePlan,
  saved: readonly { list: string; key: string }[],
): Promise<PlanProblem[]> {
  const problems = await findHallClashes(db, plan);
  for (const [index, venue] of plan.venues.entries()) {
    const isSaved = saved.some(({ list, key }) => list === "venues" && key === venue.key);
    if (isSaved) problems.push(...(await findVenueProblems(db, venue, index)));
  }
  return problems;
}

/** A hall that series are in stays, and so does the clock that shows were planned on. */
async function findVenueProblems(
  db: Queryable,
  { organiserId, venueId, key, halls, timeZone }: PlannedVenue,
  index: number,
): Promise<PlanProblem[]> {
  const gone = (await listHallsInUse(db, { organiserId, key })).filter(
    ({ hall }) => !halls.some((kept) => kept.key === hall),
  );
  const problems: PlanProblem[] = gone.map(({ hall, series }) => ({
    path: ["venues", index, "halls"],
    message: `The series ${series} is in hall ${hall}`,
  }));
  const zoneBefore = await readVenueZone(db, venueId);
  if (zoneBefore !== undefined && zoneBefore !== timeZone) {
    const message = `Its shows are planned on the clock of ${zoneBefore}`;
    problems.push({ path: ["venues", index, "timeZone"], message });
  }
  return problems;
}

async function findHallClashes(db: Queryable, plan: CataloguePlan): Promise<PlanProblem[]> {
  const lengthMs = new Map(
    plan.titles.map(({ titleId, durationMinutes }) => [titleId, durationMinutes * 60_000]),
  );
  const clashes = await findStoredClashes(
    db,
    plan.shows.map((show) => ({
      ...show,
      endsAtMs: show.startsAtMs + (lengthMs.get(show.titleId) ?? 0),
    })),
  );
  const shows = new Map(plan.shows.map((show) => [show.showId, show]));
  return clashes.map(({ showId, other }) => {
    const { label = "", path = [] } = shows.get(showId) ?? {};
    return { path, message: `${label}: the hall is taken by ${other}` };
  });
}
