import { randomUUID } from "node:crypto";

import { createRedis } from "../adapters/redis/create-redis.ts";
import type { RedisClient } from "../adapters/redis/create-redis.ts";
import { createLineStore } from "../adapters/redis/line.ts";
import { createLineSlips } from "../api/line/line-slips.ts";
import { showIds } from "../domain/ids.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSlips } from "../platform/slips.ts";
import { eventually } from "../tests/eventually.ts";
import { plantLine } from "../tests/plant-line.ts";
import { plantShow } from "../tests/plant-show.ts";
import type { House } from "./house.ts";

export type WaitingCrowd = {
  showId: string;
  /** `/v1/shows/{id}/line`. */
  path: string;
  /** In the order in which they came. */
  people: { person: string; place: string }[];
  close(): void;
};

/** A show with a line, and so many people in it, who have joined without the way through HTTP. Nobody is called. */
export async function plantCrowd(
  house: Pick<House, "system" | "redisUrl" | "api">,
  { count, seats = 100 }: { count: number; seats?: number },
): Promise<WaitingCrowd> {
  const { pool } = house.system.database;
  const showId = await plantShow(pool, { seats });
  const redis = await connect(house.redisUrl);
  const store = createLineStore(redis);
  // Before the API hears of the line, so that it goes on with this one.
  const entries = { entriesBefore: 0, entriesMax: count, served: 0, drawn: null, quietMs: 0 };
  await store.restore({ showId }, entries);
  const people = await joinAll(store, showId, count);
  await plantLine(pool, showId);
  await pool.query("update show_lines set entries_max = $2, is_paused = true where show_id = $1", [
    ...[showId, count],
  ]);
  const path = `/v1/shows/${showIds.encode(showId)}/line`;
  await eventually(async () => {
    const { status, body } = await house.api.call({ path });
    return status === 200 && (JSON.parse(body) as { joined: number }).joined === count;
  });
  return { showId, path, people, close: () => redis.disconnect() };
}

async function joinAll(
  store: ReturnType<typeof createLineStore>,
  showId: string,
  count: number,
): Promise<WaitingCrowd["people"]> {
  const slips = createLineSlips(createSlips(localKeys.PASS_KEY));
  const people: WaitingCrowd["people"] = [];
  while (people.length < count) {
    const wanted = Array.from({ length: Math.min(500, count - people.length) }, randomUUID);
    const joined = await Promise.all(
      wanted.map(async (person) => {
        const answer = await store.join({ showId, drawAtMs: 0 }, { person });
        if (answer.outcome !== "joined") throw new Error(answer.outcome);
        return {
          person,
          place: slips.signPlace({ showId, person, entry: answer.entry, isGuest: false }),
        };
      }),
    );
    people.push(...joined);
  }
  return people;
}

async function connect(redisUrl: string): Promise<RedisClient> {
  const redis = createRedis({ redisUrl, component: "bench-line", onError: () => undefined });
  await eventually(async () => redis.status === "ready");
  return redis;
}
