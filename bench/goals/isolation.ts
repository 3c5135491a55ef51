import { showIds } from "../../domain/ids.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { comparePairs } from "../compare-pairs.ts";
import { countStatements } from "../count-statements.ts";
import { startCrowdSender } from "../crowd.ts";
import type { CrowdSender } from "../crowd.ts";
import { countResult, ratioResult, rounded, unmeasured } from "../goal.ts";
import type { Goal, GoalResult } from "../goal.ts";
import { orderOf, plantHotShow } from "../hot-show.ts";
import type { HotShow } from "../hot-show.ts";
import type { HttpCall } from "../http-caller.ts";
import type { House } from "../house.ts";
import { measureCeiling } from "../measure-ceiling.ts";
import { openLoop, percentileMs, poissonArrivals } from "../open-loop.ts";
import { reserveNext, sendReserve } from "../reserve.ts";
import { warmShows } from "../warm-shows.ts";

/** For each who buys nineteen are refused: 20,000 people for a thousand who are let in. */
const refusedPerBuyer = 19;

/** Whether those who are let in, other shows, and those who only look feel a crowd that is refused. */
export const isolation: Goal = async (house) => {
  const crowd = await startCrowdSender(house);
  const hot = await plantHotShow(house);
  // A quarter: with the crowd and its generator the two cores are not full, and what is compared is no queue for them.
  const perSecond = (await measureCeiling(house, "reserve", () => reserveNext(house))) / 4;
  const offer = { perSecond, seconds: house.effort.openSeconds * 2 };
  return [
    await besideRefusals(house, { crowd, hot, ...offer }),
    await besideHotShow(house, { crowd, ...offer }),
    await browsingBeside(house, { crowd, hot, ...offer }),
    ...(await costOfRefusals(house, { crowd, hot })),
  ];
};

type Offer = { crowd: CrowdSender; perSecond: number; seconds: number };

async function besideRefusals(house: House, offer: Offer & { hot: HotShow }): Promise<GoalResult> {
  house.report("isolation: those inside, with and without those outside");
  const { hot, perSecond } = offer;
  const buy = { perSecond, work: hot.reserveInside };
  return compareTails(house, offer, {
    what: "reserve p99 of those inside, beside 19 outside for each",
    percentile: 99,
    how: `${rounded(perSecond)}/s with a pass; limit: the same without the ${rounded(perSecond * refusedPerBuyer)}/s outside, half orders without a pass, half questions about the line`,
    target: { atMost: [1.5, 1.2] },
    ours: { ...buy, outside: hot.outside },
    limit: { ...buy, outside: [] },
  });
}

async function besideHotShow(house: House, offer: Offer): Promise<GoalResult> {
  house.report("isolation: one show beside a hot one");
  const { perSecond } = offer;
  const { pool } = house.system.database;
  const order = { showId: await plantShow(pool, { seats: 10 }), seatIds: ["A1", "A2"] };
  await sendReserve(house, order);
  await warmShows(house);
  const buy = { perSecond, work: () => reserveNext(house) };
  return compareTails(house, offer, {
    what: "reserve p95 of other shows, beside one of which all is taken",
    percentile: 95,
    how: `${rounded(perSecond)}/s of ${house.shows.length} shows that somebody has looked at; limit: the same without the ${rounded(perSecond * refusedPerBuyer)}/s who want the seats that somebody has`,
    target: { atMost: [1.2, 1.1] },
    ours: { ...buy, outside: house.buyers.map((buyer) => orderOf(buyer, order)) },
    limit: { ...buy, outside: [] },
  });
}

async function browsingBeside(house: House, offer: Offer & { hot: HotShow }): Promise<GoalResult> {
  house.report("isolation: those who look, with and without those outside");
  const showId = await plantShow(house.system.database.pool, { seats: 500 });
  const path = `/v1/shows/${showIds.encode(showId)}/seats?format=bitmap`;
  const look = {
    perSecond: 100,
    work: async () => (await house.api.call({ path })).status === 200,
  };
  return compareTails(house, offer, {
    what: "seat map p99, beside a crowd outside",
    percentile: 99,
    how: `100/s; limit: the same without the ${rounded(offer.perSecond * refusedPerBuyer)}/s outside`,
    target: { atMost: [1.5, 1.2] },
    ours: { ...look, outside: offer.hot.outside },
    limit: { ...look, outside: [] },
  });
}

type Side = { perSecond: number; work: () => Promise<boolean>; outside: HttpCall[] };

async function compareTails(
  house: House,
  { crowd, perSecond: perCrowd, seconds }: Offer,
  sides: {
    what: string;
    percentile: number;
    how: string;
    target: { atMost: [number, number] };
    ours: Side;
    limit: Side;
  },
): Promise<GoalResult> {
  let voids = 0;
  let failures = 0;
  const tail = async ({ perSecond, work, outside }: Side) => {
    const crowding =
      outside.length > 0 &&
      crowd.run({ requests: outside, perSecond: perCrowd * refusedPerBuyer, seconds });
    const run = await openLoop(poissonArrivals({ perSecond, seconds }), work);
    const crowded = await crowding;
    if (run.isVoid || (crowded && crowded.isVoid)) voids += 1;
    failures += run.failures;
    return percentileMs(run.latency, sides.percentile);
  };
  const comparison = await comparePairs({
    pairs: Math.min(house.effort.pairs, 5),
    ours: () => tail(sides.ours),
    limit: () => tail(sides.limit),
  });
  const named = {
    goal: "isolation",
    what: sides.what,
    how: `open loop, Poisson, from the moment at which each is due, the crowd from a process of its own; ${sides.how}; ${failures} failures, ${voids} runs void`,
  };
  if (voids > 1) return unmeasured(named, "void");
  return ratioResult(named, sides.target, comparison, "ms");
}

/** The checkout process is stopped meanwhile: whoever needed it would not be answered as those outside are. */
async function costOfRefusals(
  house: House,
  { crowd, hot }: { crowd: CrowdSender; hot: HotShow },
): Promise<GoalResult[]> {
  house.report("isolation: counting what those outside cost");
  const checkout = house.system.pid("checkout");
  if (checkout === undefined) throw new Error("There is no checkout process");
  const seen = { sent: 0, answered: 0 };
  const { pool } = house.system.database;
  const wish = { perSecond: 200, seconds: 3 };
  process.kill(checkout, "SIGSTOP");
  const { calls } = await countStatements(
    pool,
    async () => {
      const { sent, statuses } = await crowd.run({ ...wish, requests: hot.outside });
      const answered = (statuses["403"] ?? 0) + (statuses["200"] ?? 0);
      Object.assign(seen, { sent, answered });
    },
    (query) => !ofTheLine.test(query),
  ).finally(() => process.kill(checkout, "SIGCONT"));
  const named = (what: string, how: string) => ({ goal: "isolation", what, how });
  return [
    countResult(
      named(
        "statements somebody outside, and so commits",
        `pg_stat_statements, ${seen.sent} requests of those outside; what the line asks once in some seconds is the line's`,
      ),
      { atMost: [0, 0] },
      { count: calls / seen.sent, unit: "" },
    ),
    countResult(
      named("those outside who need Temporal", "the checkout process is stopped meanwhile"),
      { atMost: [0, 0] },
      { count: (seen.sent - seen.answered) / seen.sent, unit: "" },
    ),
  ];
}

/** Looks at the seats for as long as the show has a line, and how far the line is. */
const ofTheLine = /from show_seats|update show_lines/;
