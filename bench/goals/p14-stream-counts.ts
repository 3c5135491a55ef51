import { setTimeout as delay } from "node:timers/promises";

import { showIds } from "../../domain/ids.ts";
import { eventually } from "../../tests/eventually.ts";
import { listRedisCommands } from "../../tests/list-redis-commands.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { countStatements } from "../count-statements.ts";
import { countResult, unmeasured } from "../goal.ts";
import type { Goal } from "../goal.ts";
import { sendReserve } from "../reserve.ts";
import { createSeatSupply } from "../seat-supply.ts";
import { openSeatWatchers } from "../seat-watchers.ts";

const count = 200;
const changes = 10;

/** What one seat change costs the stores, however many watch. */
export const streamCounts: Goal = async (house) => {
  const { database, addresses } = house.system;
  const showId = await plantShow(database.pool, { seats: 500, seatsPerBuyerMax: 500 });
  const seats = createSeatSupply([showId], 500);
  const url = `${addresses.api}/v1/shows/${showIds.encode(showId)}/seats/stream`;
  house.report(`P14: ${count} watchers`);
  const watchers = await openSeatWatchers(url, count);
  const how = `${changes} reserves while ${count} watch`;
  if (watchers === undefined)
    return [unmeasured({ goal: "P14", what: "seat stream", how }, "not there yet")];

  watchers.reset();
  let redisMessages = 0;
  const startedAt = performance.now();
  const busy = await countStatements(database.pool, async () => {
    const commands = await listRedisCommands(house.redisUrl, async () => {
      for (let done = 1; done <= changes; done += 1) {
        await sendReserve(house, seats.next());
        await eventually(async () => watchers.messages() >= done * count, 5_000);
      }
    });
    redisMessages = commands.filter(isMessage).length;
  });
  const messages = watchers.messages();
  // A watched show is also re-read every few seconds, by the clock and not by the change.
  const elapsedMs = performance.now() - startedAt;
  const idle = await countStatements(database.pool, () => delay(elapsedMs));
  watchers.close();
  const reads = Math.max(0, busy.calls - changes - idle.calls);
  const named = (what: string, more: string) => ({ goal: "P14", what, how: `${how}; ${more}` });
  return [
    countResult(
      named("messages to each watcher", "the hold alone changes seats"),
      { atMost: [1, 1] },
      { count: messages / changes / count, unit: "" },
    ),
    countResult(
      named("Redis messages a change", "MONITOR, xadd and publish that name the show"),
      { atMost: [1, 1] },
      { count: redisMessages / changes, unit: "" },
    ),
    countResult(
      named(
        "database reads a change",
        "statements besides the hold, less those of as long a silence",
      ),
      { atMost: [0, 0] },
      { count: reads / changes, unit: "" },
    ),
  ];

  function isMessage(args: readonly string[]): boolean {
    const command = args[0]?.toLowerCase() ?? "";
    const tells = ["xadd", "publish", "spublish"].includes(command);
    return tells && args.some((arg) => arg.includes(showId));
  }
};
