import { eventually } from "../../tests/eventually.ts";
import { listRedisCommands } from "../../tests/list-redis-commands.ts";
import { closedLoop } from "../closed-loop.ts";
import { comparePairs } from "../compare-pairs.ts";
import { countResult, ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { bareHono } from "../limits/l4-bare-hono.ts";
import { plantCrowd } from "../plant-crowd.ts";
import type { WaitingCrowd } from "../plant-crowd.ts";
import { cpuMs } from "../process-cost.ts";
import { stayAwake } from "../stay-awake.ts";

const clients = 8;
/** As often, not as long: whoever is faster would be warmer. */
const warmUps = 5_000;
const countedSeconds = 10;

type Poll = () => Promise<boolean>;

/** People who ask how they stand, each with a signed place of their own, or how far the line is. */
export const linePoll: Goal = async (house) => {
  const { waiting } = house.effort;
  house.report(`P11: ${waiting} people wait`);
  const crowd = await plantCrowd(house, { count: waiting });
  const hono = await bareHono(house);
  // Each time somebody else: what is remembered of one says nothing about the next.
  let turn = 0;
  const nextHeaders = () => {
    turn = (turn + 7_919) % waiting;
    return { "line-place": crowd.people[turn]?.place ?? "" };
  };
  const placePath = `${crowd.path}/place`;
  const sizeOf = async (path: string) =>
    (await house.api.call({ path, headers: nextHeaders() })).bytes;
  const [placeBytes, lineBytes] = [await sizeOf(placePath), await sizeOf(crowd.path)];
  const isGood = async (answer: Promise<{ status: number }>) => (await answer).status === 200;
  const place = {
    ours: () => isGood(house.api.call({ path: placePath, headers: nextHeaders() })),
    limit: () => hono.get(placeBytes, nextHeaders()),
  };
  const line = {
    ours: () => isGood(house.api.call({ path: crowd.path })),
    limit: () => hono.get(lineBytes),
  };
  const how = `${clients} clients, each poll by another of ${waiting} people with a signed place`;
  const limit = `limit: L4, Hono with the same headers and as many bytes (${placeBytes})`;
  const rows = [
    ratioResult(
      { goal: "P11", what: "polls a second, my place", how: `${how}; ${limit}` },
      { atLeast: [0.7, 0.85] },
      await compare(house, place),
      "/s",
    ),
    ratioResult(
      {
        ...{ goal: "P11", what: "polls a second, the line" },
        how: `what is the same for everybody, and may come from a cache (${lineBytes} bytes)`,
      },
      { atLeast: [0.7, 0.85] },
      await compare(house, line),
      "/s",
    ),
    await redisCommands(house, crowd.showId, place.ours, {
      what: "Redis commands a process and second",
      most: 1,
    }),
  ];
  await callSome(house, crowd);
  rows.push(
    await redisCommands(house, crowd.showId, place.ours, {
      what: "… while people are called one a second",
      // Five turns a second, and no command of a poll: decision 0071.
      most: 5,
    }),
  );
  crowd.close();
  return rows;
};

async function compare(house: House, { ours, limit }: { ours: Poll; limit: Poll }) {
  const { pairs, sideSeconds } = house.effort;
  for (const work of [ours, limit]) {
    await closedLoop({ clients, seconds: 60, timesMax: warmUps, work });
  }
  const rate = async (work: Poll) =>
    (await stayAwake(() => closedLoop({ clients, seconds: sideSeconds, work }))).perSecond;
  return comparePairs({ pairs, ours: () => rate(ours), limit: () => rate(limit) });
}

/** The line moves, by an organiser's pace: that is when it is turned most often. */
async function callSome(house: House, { showId, path }: WaitingCrowd): Promise<void> {
  await house.system.database.pool.query(
    "update show_lines set is_paused = false, calls_per_minute_max = 60 where show_id = $1",
    [showId],
  );
  await eventually(async () => {
    const { body } = await house.api.call({ path });
    return (JSON.parse(body) as { phase: string }).phase === "open";
  });
}

async function redisCommands(
  house: House,
  showId: string,
  poll: Poll,
  { what, most }: { what: string; most: number },
) {
  const api = house.system.pid("api") ?? 0;
  const cpuBefore = cpuMs(api);
  let polls = 0;
  const commands = await listRedisCommands(house.redisUrl, async () => {
    polls = (await closedLoop({ clients, seconds: countedSeconds, work: poll })).done;
  });
  const pollUs = Math.round(((cpuMs(api) - cpuBefore) / polls) * 1_000);
  const ofLine = commands.filter((words) => words.some((word) => word.includes(showId)));
  // Of a row that is even one falls on the edge.
  const perSecond = Math.max(ofLine.length - 1, 0) / countedSeconds;
  const how = `MONITOR, all that name the show, in ${countedSeconds} s with ${polls} polls of ${pollUs} CPU-µs; one process`;
  return countResult(
    { goal: "P11", what, how },
    { atMost: [most, most] },
    { count: perSecond, unit: "" },
  );
}
