import type { HousePace } from "./pace.ts";

export type LineProgress = {
  showId: string;
  /** Without those whom it has passed over; it may begin anew. Undefined before the first turn. */
  calledInAll: number | undefined;
  /** Somebody waits whom nothing but the house's pace keeps out; or it opens just now, and nobody knows how many will come. */
  wantsMore: boolean;
};

/**
 * Shares what the house can serve among its lines, once a second: what each of them may call. Those that have room for more than the
 * house can take get the same, and what a quiet one leaves is for them. Each as if it had the house for itself would make ten openings
 * at once ten times too fast.
 */
export function createPaceShares(): (house: HousePace, lines: LineProgress[]) => HousePace {
  let calledBefore = new Map<string, number | undefined>();
  let calledInSeconds: number[] = [];

  return (house, lines) => {
    const called = lines.map(({ showId, calledInAll = 0 }) =>
      Math.max(calledInAll - (calledBefore.get(showId) ?? calledInAll), 0),
    );
    calledBefore = new Map(lines.map(({ showId, calledInAll }) => [showId, calledInAll]));
    calledInSeconds = [...calledInSeconds, sumOf(called)].slice(-openingSeconds);
    const wanted = lines.map(({ wantsMore }, index) =>
      wantsMore ? Number.POSITIVE_INFINITY : 2 * (called[index] ?? 0),
    );
    const together = Math.min(house.perSecond, openingPace(sumOf(calledInSeconds)));
    return { ...house, perSecond: levelOf(together, wanted) };
  };
}

/**
 * After a minute in which nobody was called it begins with sixty a second and goes faster by half each second: what is too much shows
 * two or three seconds after the call, when people order, and whoever has been called is inside.
 */
function openingPace(calledLately: number): number {
  return 60 + calledLately / 2;
}

const openingSeconds = 60;

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** How much each may have so that all together have no more than `sum`, and nobody more than they want. */
function levelOf(sum: number, wanted: number[]): number {
  let left = sum;
  let most = 0;
  for (const [index, want] of wanted.toSorted((a, b) => a - b).entries()) {
    const level = left / (wanted.length - index);
    if (want > level) return level;
    left -= want;
    most = want;
  }
  // There is enough for all of them, and for one who wants everything that is left.
  return most + left;
}
