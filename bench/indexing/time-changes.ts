import { setTimeout as delay } from "node:timers/promises";

import type { Elastic } from "../../adapters/elasticsearch/create-elastic.ts";
import type { Pool } from "../../adapters/postgres/pool.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import { publishShows } from "../../adapters/postgres/publish-shows.ts";

const everyMs = 100;
/** One search for all that are awaited; what it finds may have been there for as long as this. */
const lookEveryMs = 25;
const waitMsMax = 30_000;

/** Changes one show after the other, ten a second; how long each took from its commit until a search found it, in ms, sorted. */
export async function timeChanges(
  pool: Pool,
  elastic: Elastic,
  { alias, showIds }: { alias: string; showIds: readonly string[] },
): Promise<number[]> {
  const awaited = new Map<string, { version: number; committedAt: number }>();
  const times: number[] = [];
  let lastChangeAt = Infinity;

  const changing = (async () => {
    for (const showId of showIds) {
      const dueAt = performance.now() + everyMs;
      const version = await change(pool, showId);
      awaited.set(showId, { version, committedAt: performance.now() });
      await delay(Math.max(0, dueAt - performance.now()));
    }
    lastChangeAt = performance.now();
  })();
  while (times.length < showIds.length) {
    if (performance.now() > lastChangeAt + waitMsMax) {
      throw new Error(`${showIds.length - times.length} changes were never found`);
    }
    await delay(lookEveryMs);
    const { hits } = await elastic.search({
      ...{ index: alias, size: awaited.size, version: true, _source: false },
      query: { ids: { values: [...awaited.keys()] } },
    });
    for (const { _id: showId = "", _version = 0 } of hits.hits) {
      const found = awaited.get(showId);
      if (found === undefined || _version < found.version) continue;
      times.push(performance.now() - found.committedAt);
      awaited.delete(showId);
    }
  }
  await changing;
  return times.toSorted((one, other) => one - other);
}

async function change(pool: Pool, showId: string): Promise<number> {
  return withTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ version: number }>(
      "update shows set format = 'Changed', version = version + 1 where show_id = $1 returning version::integer",
      [showId],
    );
    await publishShows(tx, [showId]);
    return rows[0]?.version ?? 0;
  });
}
