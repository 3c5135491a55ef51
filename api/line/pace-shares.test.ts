import { describe, expect, test } from "@jest/globals";

import { createPaceShares } from "./pace-shares.ts";
import type { LineProgress } from "./pace-shares.ts";

const house = { perSecond: 100, limitedBy: "payments" } as const;
const show = (showId: string, calledInAll: number | undefined, wantsMore = true): LineProgress => ({
  ...{ showId, calledInAll, wantsMore },
});
const shows = (count: number, calledInAll: number, wantsMore?: boolean) =>
  Array.from({ length: count }, (_, index) => show(`${index}`, calledInAll, wantsMore));

/** The house has called so many in the last minute that its beginning is over. */
function openShares() {
  const share = createPaceShares();
  share(house, [show("earlier", 0)]);
  share(house, [show("earlier", 1_000)]);
  return (lines: LineProgress[]) => share(house, lines).perSecond;
}

describe("what the house can serve", () => {
  test("is for one line alone when there is no other", () => {
    expect(openShares()([show("a", 0)])).toBe(100);
    expect(openShares()([])).toBe(100);
  });

  test("is shared by those that have room for more, and by those that call without anybody waiting", () => {
    expect(openShares()(shows(10, 0))).toBe(10);
    const share = openShares();
    share(shows(10, 0, false));
    expect(share(shows(10, 30, false))).toBe(10);
  });

  test("is for the others where a line wants less than its share", () => {
    const share = openShares();
    const quiet = (calledInAll: number) => shows(40, calledInAll, false);
    share([show("hot", 0), ...quiet(0)]);
    expect(share([show("hot", 50), ...quiet(0)])).toBe(100);
    // Twice what they have called: it may become more.
    expect(share([show("hot", 50), ...quiet(1)])).toBe(20);
    expect(share([show("hot", 50), show("hotter", 50), ...quiet(1)])).toBe(50);
  });

  test("does not grow by what a line has called before this process has seen it", () => {
    const share = createPaceShares();
    const paces = [undefined, 5_000, 5_000].map(
      (calledInAll) => share(house, [show("a", calledInAll)]).perSecond,
    );
    expect(paces).toEqual([60, 60, 60]);
  });

  test("is tried out: sixty in the first second, each second half as many again, and after a quiet minute anew", () => {
    const share = createPaceShares();
    const quick = { ...house, perSecond: 1_000 };
    const paces = [0, 60, 150, 285, 488, 10_000].map(
      (calledInAll) => share(quick, [show("a", calledInAll)]).perSecond,
    );
    expect(paces).toEqual([60, 90, 135, 202.5, 304, 1_000]);
    for (let second = 0; second < 58; second += 1) share(quick, [show("a", 10_000)]);
    expect(share(quick, [show("a", 10_000)]).perSecond).toBe(1_000);
    expect(share(quick, [show("a", 10_000)]).perSecond).toBe(60);
  });
});
