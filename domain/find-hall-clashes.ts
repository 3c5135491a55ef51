import type { PlanPath, PlanProblem } from "./plan-problem.ts";

export type HallUse = {
  hallId: string;
  startsAtMs: number;
  endsAtMs: number;
  /** How people call it: "2026-12-01 18:30 of evenings". */
  label: string;
  path: PlanPath;
};

/** Shows that begin in a hall before the one before them is over. */
export function findHallClashes(uses: readonly HallUse[]): PlanProblem[] {
  const byHall = new Map<string, HallUse[]>();
  for (const use of uses) {
    const others = byHall.get(use.hallId);
    if (others === undefined) byHall.set(use.hallId, [use]);
    else others.push(use);
  }
  return [...byHall.values()].flatMap((ofHall) => {
    const inOrder = ofHall.toSorted((one, other) => one.startsAtMs - other.startsAtMs);
    return inOrder.flatMap((use, index) => {
      const before = inOrder[index - 1];
      if (before === undefined || before.endsAtMs <= use.startsAtMs) return [];
      return [
        {
          path: use.path,
          message: `${use.label} begins before ${before.label} is over, in one hall`,
        },
      ];
    });
  });
}
