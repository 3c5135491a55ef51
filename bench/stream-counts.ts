import { setTimeout as delay } from "node:timers/promises";

import { showIds } from "../domain/ids.ts";
import { eventually } from "../tests/eventually.ts";
import { listRedisCommands } from "../tests/list-redis-commands.ts";
import { plantShow } from "../tests/plant-show.ts";
import type { System } from "../tests/system.ts";
import { countStatements } from "./count-statements.ts";
import { createSeatSupply } from "./seat-supply.ts";
import { openSeatWatchers } from "./seat-watchers.ts";

/** What so many changes cost while so many watched, over sockets of their own. */
export type StreamCounts = {
  /** Messages to the watcher who got the fewest, and to the one who got the most. */
  messages: [fewest: number, most: number];
  encodings: number;
  redisMessages: number;
  /** Statements besides the holds, less those of a silence that is a look longer: a watched show is re-read by the clock. */
  reads: number;
};

/** Holds two seats of a new show so many times, one after the other. */
export async function measureStreamCounts(
  scene: {
    system: System;
    redisUrl: string;
    reserve: (order: { showId: string; seatIds: string[] }) => Promise<unknown>;
  },
  { watchers: count, changes }: { watchers: number; changes: number },
): Promise<StreamCounts> {
  const { system, redisUrl, reserve } = scene;
  const { pool } = system.database;
  const showId = await plantShow(pool, { seats: 500, seatsPerBuyerMax: 500 });
  const seats = createSeatSupply([showId], 500);
  const url = `${system.addresses.api}/v1/shows/${showIds.encode(showId)}/seats/stream`;
  const watchers = await openSeatWatchers(url, count);
  try {
    const encoded = () => system.count("api", "marquee_seat_events_encoded_total");
    const encodedBefore = await encoded();
    watchers.reset();
    let redisMessages = 0;
    const startedAt = performance.now();
    const busy = await countStatements(pool, async () => {
      const commands = await listRedisCommands(redisUrl, async () => {
        for (let done = 1; done <= changes; done += 1) {
          await reserve(seats.next());
          // Changes of half a second may be told together: one at a time, so that each is a message.
          await eventually(async () => watchers.messages() >= done * count);
        }
      });
      redisMessages = commands.filter((command) => isNewsOf(showId, command)).length;
    });
    const elapsedMs = performance.now() - startedAt;
    const idle = await countStatements(pool, () => delay(elapsedMs + lookMsMax));
    return {
      messages: watchers.extremes(),
      encodings: (await encoded()) - encodedBefore,
      redisMessages,
      reads: Math.max(0, busy.calls - changes - idle.calls),
    };
  } finally {
    watchers.close();
  }
}

// As often as api/live/seat-looks.ts looks at a show that is watched, and a tick.
const lookMsMax = 3_750;

function isNewsOf(showId: string, args: readonly string[]): boolean {
  const tells = ["xadd", "publish", "spublish"].includes(args[0]?.toLowerCase() ?? "");
  return tells && args.some((arg) => arg.includes(showId));
}
