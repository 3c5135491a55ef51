import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";

import { Redis } from "ioredis";

import { createRedis } from "../../adapters/redis/create-redis.ts";
import { createLineStore } from "../../adapters/redis/line.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { drawNumbers } from "../../api/line/line-draw.ts";
import { eventually } from "../../tests/eventually.ts";
import { countResult } from "../goal.ts";
import type { Goal, GoalResult } from "../goal.ts";

const joins = 1_000;

/** A line of a million against one of a thousand: what a place takes, and what joining costs. */
export const lineSize: Goal = async (house) => {
  const people = house.effort.waiting * 10;
  house.report(`line: ${people} people in one line`);
  const redis = new Redis(house.redisUrl);
  const client = createRedis({
    ...{ redisUrl: house.redisUrl, component: "bench-line-size", onError: () => undefined },
  });
  await eventually(async () => client.status === "ready");
  const store = createLineStore(client);
  const [few, many] = [randomUUID(), randomUUID()];
  for (const showId of [few, many]) {
    const entriesMax = people * 2;
    const from = { entriesBefore: 0, entriesMax, served: 0, drawn: null, quietMs: 0 };
    await store.restore({ showId }, from);
  }
  await joinMany(store, few, 1_000);
  const before = await usedMemory(redis);
  await joinMany(store, many, people);
  const bytes = ((await usedMemory(redis)) - before) / people;
  const costs = await compareJoins(redis, store, { few, many });
  redis.disconnect();
  client.disconnect();
  return [
    countResult(
      { goal: "line", what: "memory of Redis a person", how: `used_memory, ${people} people` },
      { atMost: [150, 100] },
      { count: bytes, unit: "bytes" },
    ),
    countResult(
      {
        ...{ goal: "line", what: `joining ${people} people against joining 1,000` },
        how: `time of Redis in the script by commandstats, median of five times ${joins} joins; the few have up to ${joins * 5} more by then`,
      },
      { atMost: [1.3, 1.1] },
      { count: costs.ratio, unit: "", ours: `${costs.manyUs.toFixed(1)} µs` },
    ),
    await measureDraw(people),
  ];
};

async function joinMany(store: LineStore, showId: string, count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const size = Math.min(500, count - done);
    await Promise.all(
      Array.from({ length: size }, () =>
        store.join({ showId, drawAtMs: 0 }, { person: randomUUID() }),
      ),
    );
  }
}

async function compareJoins(redis: Redis, store: LineStore, shows: { few: string; many: string }) {
  const us = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < 5; round += 1) {
    const sides = round % 2 === 0 ? (["few", "many"] as const) : (["many", "few"] as const);
    for (const side of sides) {
      await redis.config("RESETSTAT");
      await joinMany(store, shows[side], joins);
      const stats = await redis.info("commandstats");
      us[side].push(Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/.exec(stats)?.[1]));
    }
  }
  const [fewUs, manyUs] = [median(us.few), median(us.many)];
  return { manyUs, ratio: manyUs / fewUs };
}

/** In this process, which does nothing else meanwhile. */
async function measureDraw(people: number): Promise<GoalResult> {
  const seed = Buffer.alloc(32, 7);
  await drawNumbers(100_000, seed);
  const memoryBefore = process.memoryUsage().arrayBuffers;
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const cpuBefore = process.cpuUsage();
  const numbers = await drawNumbers(people, seed);
  const { user, system } = process.cpuUsage(cpuBefore);
  delays.disable();
  const megabytes = (process.memoryUsage().arrayBuffers - memoryBefore) / 1e6;
  const how = `drawing ${numbers.drawn} numbers: ${Math.round((user + system) / 1_000)} CPU-ms; they take ${megabytes.toFixed(1)} MB in each API process`;
  return countResult(
    { goal: "line", what: "the longest that a draw keeps a process", how },
    { atMost: [50, 20] },
    { count: delays.max / 1e6, unit: "ms" },
  );
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
