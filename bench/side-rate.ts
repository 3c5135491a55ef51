import { setTimeout as delay } from "node:timers/promises";

import { closedLoop } from "./closed-loop.ts";

/**
 * Times a second in a side that is long enough for what each time leaves to be done later to be paid by the others: the first task of
 * a checkout ends 2 to 2.8 s after its hold where many come at once (decision 0070). The rest of it is waited for, so that the other
 * side does not pay.
 */
export async function sideRate(side: {
  clients: number;
  seconds: number;
  work: () => Promise<boolean>;
}): Promise<number> {
  const { perSecond } = await closedLoop({ ...side, seconds: side.seconds * longer });
  await delay(laterMs);
  return perSecond;
}

const longer = 5;
const laterMs = 3_000;
