import { comparePairs } from "../compare-pairs.ts";
import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { thinCheckout } from "../limits/l6-thin-checkout.ts";
import { reserveNext } from "../reserve.ts";
import { sideRate } from "../side-rate.ts";

/** What HTTP, the token, the schemas, the lock, the second process and the open checkout cost together. */
export const reserveOverhead: Goal = async (house) => {
  const hold = await thinCheckout(house);
  house.report("P3: 8 clients");
  const { pairs, sideSeconds: seconds } = house.effort;
  const rate = (work: () => Promise<boolean>) => sideRate({ clients: 8, seconds, work });
  const comparison = await comparePairs({
    pairs,
    ours: () => rate(() => reserveNext(house)),
    limit: () => rate(hold),
  });
  const named = {
    goal: "P3",
    what: "reserves a second, 8 clients",
    how: "closed loop; limit: L6, a workflow of one hold in one process, without HTTP, token, schema or lock",
  };
  return [ratioResult(named, { atLeast: [0.85, 0.95] }, comparison, "/s")];
};
