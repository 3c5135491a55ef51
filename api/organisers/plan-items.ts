import { planCatalogue } from "../../adapters/postgres/catalogue-plan.ts";
import type { CataloguePlan } from "../../adapters/postgres/catalogue-plan.ts";
import { formatPath } from "../../adapters/postgres/json-lines.ts";
import { readLists } from "../../adapters/postgres/read-catalogue.ts";
import type { PlanPath, PlanProblem } from "../../domain/plan-problem.ts";
import type { Member } from "./act-for.ts";

/** One thing wrong with what somebody wants to save: `rows[0].seats`, and what is wrong with it. */
export type ItemProblem = { path: string; message: string };

/** What one request may mean: a season of a hall, or a stadium's month. More is the work of `npm run catalogue:import`. */
const deskBounds = { showsMax: 1_000, seatsMax: 1_000_000 };

/** The rows that lists mean, for one organisation alone. `content` is as a catalogue file, without format and organisers. */
export function planItems(
  content: object,
  { name, key }: Member,
): { plan: CataloguePlan; problems: PlanProblem[] } {
  const organisers = [{ key, name }];
  const read = readLists({ format: "marquee-catalogue/1", ...content, organisers });
  if (read.outcome === "refused") return { plan: nothing, problems: read.problems };
  const planned = planCatalogue(read.file, deskBounds);
  return { plan: planned.plan, problems: [...read.problems, ...planned.problems] };
}

const nothing: CataloguePlan = {
  ...{ organisers: [], layouts: [], posters: [], venues: [], halls: [], titles: [], shows: [] },
};

const shownMax = 200;

/** Two hundred at the most; `place` makes a path of the file one of what was sent. */
export function tellItemProblems(
  problems: readonly PlanProblem[],
  place: (path: PlanPath) => PlanPath = (path) => path,
): ItemProblem[] {
  return problems
    .slice(0, shownMax)
    .map(({ path, message }) => ({ path: formatPath(place(path)), message }));
}
