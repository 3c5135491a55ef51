import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { setLineThreshold } from "../../adapters/postgres/line-desk.ts";
import { createRedis } from "../../adapters/redis/create-redis.ts";
import { createLineStore } from "../../adapters/redis/line.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createLogger } from "../../platform/logger.ts";
import { createSlips } from "../../platform/slips.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createLineDemand } from "./line-demand.ts";
import type { LineDemand } from "./line-demand.ts";

let database: TestDatabase;
let servers: RedisServers;

beforeAll(async () => {
  [database, servers] = await Promise.all([createDatabase(), startRedis()]);
}, 60_000);
afterAll(async () => {
  await servers.close();
  await database.drop();
}, 30_000);

async function withTwoProcesses(work: (one: LineDemand, other: LineDemand) => Promise<void>) {
  const [one, other] = [openProcess(), openProcess()];
  try {
    await work(one.demand, other.demand);
  } finally {
    await one.close();
    await other.close();
  }
}

function openProcess() {
  const redis = createRedis({
    redisUrl: servers.url,
    component: "demand",
    onError: () => undefined,
  });
  const demand = createLineDemand({
    ...{
      db: database.pool,
      store: createLineStore(redis),
      lines: { follow: async () => undefined },
    },
    ...{ slips: createSlips(localKeys.PASS_KEY), logger: createLogger("demand", "silent") },
  });
  demand.run();
  return {
    demand,
    async close() {
      await demand.close();
      redis.disconnect();
    },
  };
}

test("people come to two processes: together they are above the threshold, and one line is opened, without a draw", async () => {
  const show = await planted(100);
  await withTwoProcesses(async (one, other) => {
    // Each sees fewer than a hundred.
    await eventually(async () => {
      for (let person = 0; person < 80; person += 1) {
        one.hear(show, () => `one ${person}`);
        other.hear(show, () => `other ${person}`);
      }
      return (await opened(show)).length > 0;
    });
    expect(await opened(show)).toMatchObject([{ actor: "threshold", drawsLater: false }]);
    expect((await opened(show))[0]?.demand).toBeGreaterThanOrEqual(100);
  });
}, 30_000);

test("somebody who asks a hundred times is one person, in whichever process", async () => {
  const [show, control] = [await planted(10), await planted(1)];
  // What browsers call themselves may be longer than a digest takes.
  const browser = "€".repeat(2_000);
  await withTwoProcesses(async (one, other) => {
    await eventually(async () => {
      for (const demand of [one, other]) {
        for (let time = 0; time < 100; time += 1) {
          const who = () => `person ${time % 9} ${browser}`;
          for (const each of [show, control]) demand.hear(each, who);
        }
      }
      return (await opened(control)).length > 0;
    });
    expect(await opened(show)).toEqual([]);
  });
}, 30_000);

test("a show without a threshold, or whose threshold was forgotten, gets no line", async () => {
  const [without, forgotten, control] = [await planted(null), await planted(5), await planted(5)];
  await setLineThreshold(database.pool, {
    showId: forgotten,
    actor: "test",
    peoplePerMinute: null,
  });
  await withTwoProcesses(async (one) => {
    await eventually(async () => {
      for (let person = 0; person < 20; person += 1) {
        for (const show of [without, forgotten, control]) one.hear(show, () => `${person}`);
      }
      return (await opened(control)).length > 0;
    });
    expect([...(await opened(without)), ...(await opened(forgotten))]).toEqual([]);
  });
}, 30_000);

test("nobody opens the line of a show whose sale does not begin in the next five minutes", async () => {
  const [early, soon] = [await planted(5, "6 minutes"), await planted(5, "4 minutes")];
  await withTwoProcesses(async (one) => {
    await eventually(async () => {
      for (let person = 0; person < 20; person += 1) {
        for (const show of [early, soon]) one.hear(show, () => `${person}`);
      }
      return (await opened(soon)).length > 0;
    });
    expect(await opened(early)).toEqual([]);
  });
}, 30_000);

test("a line that was closed is not opened again", async () => {
  const show = await planted(5);
  await withTwoProcesses(async (one) => {
    const crowd = async () => {
      for (let person = 0; person < 20; person += 1) one.hear(show, () => `${person}`);
      return (await opened(show)).length > 0;
    };
    await eventually(crowd);
    await database.pool.query("update show_lines set closed_at = now() where show_id = $1", [show]);
    const control = await planted(5);
    await eventually(async () => {
      await crowd();
      for (let person = 0; person < 20; person += 1) one.hear(control, () => `${person}`);
      return (await opened(control)).length > 0;
    });
    expect(await opened(show)).toHaveLength(1);
  });
}, 30_000);

async function planted(peoplePerMinute: number | null, opensIn = "-1 day"): Promise<string> {
  const showId = await plantShow(database.pool);
  await database.pool.query(
    "update shows set sales_open_at = now() + $2::interval where show_id = $1",
    [showId, opensIn],
  );
  await setLineThreshold(database.pool, { showId, actor: "test", peoplePerMinute });
  return showId;
}

async function opened(show: string) {
  const { rows } = await database.pool.query<{
    actor: string;
    demand: number;
    drawsLater: boolean;
  }>(
    `select actor, (details ->> 'demand')::float8 as demand, draw_at > opens_at as "drawsLater"
       from line_actions join show_lines using (show_id)
       where show_id = $1 and action = 'open'`,
    [show],
  );
  return rows;
}
