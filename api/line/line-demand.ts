import { randomUUID } from "node:crypto";

import { listLineThresholds, openLine } from "../../adapters/postgres/line-desk.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LineStore } from "../../adapters/redis/line.ts";
import { createKeyedDigest } from "../../platform/keyed-digest.ts";
import type { Logger } from "../../platform/logger.ts";
import { repeat } from "../../platform/repeat.ts";
import type { Slips } from "../../platform/slips.ts";
import type { Lines } from "./lines.ts";

/**
 * Opens lines by themselves where more people come than the organiser has said. Only shows with such a threshold are counted; all
 * others cost nothing. People are counted once a minute however often they ask, in all processes together.
 */
export type LineDemand = {
  /** Somebody looks at the seats of a show or orders some. `who` tells people apart: asked where it matters, and not kept. */
  hear(showId: string, who: () => string): void;
  run(): void;
  close(): Promise<void>;
};

export function createLineDemand(deps: {
  db: Queryable;
  store: Pick<LineStore, "countPeople">;
  lines: Pick<Lines, "follow">;
  slips: Slips;
  logger: Logger;
}): LineDemand {
  const { db, store, lines, slips, logger } = deps;
  const digest = createKeyedDigest(slips.secret("people who come"));
  /** What is known of the shows that have a threshold: whom this process has heard of since it last told Redis. */
  let watched = new Map<string, { peoplePerMinute: number; heard: Set<string> }>();
  let running: { close(): Promise<void> }[] = [];

  async function readThresholds(): Promise<void> {
    const thresholds = await listLineThresholds(db);
    watched = new Map(
      thresholds.map(({ showId, peoplePerMinute }) => {
        const heard = watched.get(showId)?.heard ?? new Set<string>();
        return [showId, { peoplePerMinute, heard }];
      }),
    );
  }

  async function count(): Promise<void> {
    for (const [showId, { peoplePerMinute, heard }] of watched) {
      if (heard.size === 0) continue;
      const people = [...heard];
      heard.clear();
      // While Redis is away nothing is opened: a line in front of which nobody could be called would stop the sale.
      const demand = await store.countPeople({ showId }, people);
      if (demand >= peoplePerMinute) await open(showId, demand);
    }
  }

  /** Whoever is first opens it; who holds seats keeps them, and people come in turn from the first on. */
  async function open(showId: string, demand: number): Promise<void> {
    const now = Date.now();
    const isDone = await openLine(db, {
      ...{ showId, demand, actor: "threshold", drawNonce: randomUUID(), guestsAllowed: false },
      ...{ opensAtMs: now, drawAtMs: now, admitFromMs: null },
    });
    watched.delete(showId);
    if (!isDone) return;
    logger.info({ showId, demand }, "opened a line by its threshold");
    await lines.follow();
  }

  return {
    hear(showId, who) {
      const heard = watched.get(showId)?.heard;
      if (heard === undefined || heard.size >= heardMax) return;
      heard.add(digest(who().slice(0, whoMax)).toString("base64url").slice(0, 16));
    },
    run() {
      running = [
        repeat({
          name: "reading thresholds",
          everyMs: thresholdsEveryMs,
          work: readThresholds,
          logger,
        }),
        repeat({ name: "counting people", everyMs: countEveryMs, work: count, logger }),
      ];
    },
    async close() {
      await Promise.all(running.map((each) => each.close()));
    },
  };
}

const thresholdsEveryMs = 5_000;
const countEveryMs = 1_000;
/** An address, and how a browser begins to call itself: 900 bytes at the most, and a digest takes 1,000. */
const whoMax = 300;
/** More than any process serves in a second. What Lua takes at once is 8,000. */
const heardMax = 5_000;
