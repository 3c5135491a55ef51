import { showIds } from "../../domain/ids.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { ratioResult, unmeasured } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { rawSse } from "../limits/l8-raw-sse.ts";
import { cpuMs, residentBytes } from "../process-cost.ts";
import { sendReserve } from "../reserve.ts";
import { createSeatSupply } from "../seat-supply.ts";
import { openSeatWatchers } from "../seat-watchers.ts";

type Side = { cpuUs: number; connectionBytes: number; frame: string };

/** One seat change to everybody who looks at the show, against writing the same bytes to as many bare connections. */
export const streamCost: Goal = async (house) => {
  const watchers = house.effort.pairs >= 9 ? 1_000 : 300;
  const changes = 12;
  const ours = await measureOurs(house, watchers, changes);
  const how = `${watchers} watchers, ${changes} changes, one run; limit: L8, node:http writing the same frames`;
  if (ours === undefined)
    return [unmeasured({ goal: "P13", what: "seat stream", how }, "not there yet")];
  const limit = await measureLimit(house, watchers, changes, ours.frame);
  const once = (a: number, b: number) => ({
    ours: a,
    limit: b,
    ratio: a / b,
    lowerQuartile: a / b,
    upperQuartile: a / b,
  });
  return [
    ratioResult(
      { goal: "P13", what: "CPU of a message", how },
      { atMost: [1.3, 1.1] },
      once(ours.cpuUs, limit.cpuUs),
      "µs",
    ),
    ratioResult(
      { goal: "P13", what: "memory of a watcher", how },
      { atMost: [1.5, 1.1] },
      once(ours.connectionBytes / 1_000, limit.connectionBytes / 1_000),
      "kB",
    ),
  ];
};

async function measureOurs(
  house: House,
  count: number,
  changes: number,
): Promise<Side | undefined> {
  const { database, addresses } = house.system;
  const showId = await plantShow(database.pool, { seats: 500, seatsPerBuyerMax: 500 });
  const seats = createSeatSupply([showId], 500);
  const pid = house.system.pid("api") ?? 0;
  house.report(`P13: ${count} watchers`);
  // The first watcher loads the show; what it costs is not the others'.
  const url = `${addresses.api}/v1/shows/${showIds.encode(showId)}/seats/stream`;
  const first = await openSeatWatchers(url, 1);
  if (first === undefined) return undefined;
  return measureSide({ pid, url, count, changes }, async () => {
    await sendReserve(house, seats.next());
  }).finally(() => first.close());
}

async function measureLimit(
  house: House,
  count: number,
  changes: number,
  frame: string,
): Promise<Side> {
  const { pid, address, broadcast } = await rawSse(house);
  return measureSide({ pid, url: address, count, changes }, () => broadcast(frame));
}

async function measureSide(
  { pid, url, count, changes }: { pid: number; url: string; count: number; changes: number },
  change: () => Promise<void>,
): Promise<Side> {
  const bytesBefore = residentBytes(pid);
  const watchers = await openSeatWatchers(url, count);
  if (watchers === undefined) throw new Error("The stream has gone");
  const connectionBytes = (residentBytes(pid) - bytesBefore) / count;
  watchers.reset();
  const cpuBefore = cpuMs(pid);
  for (let done = 1; done <= changes; done += 1) {
    await change();
    // Changes of half a second may come together: one at a time, so that each is a message.
    await eventually(async () => watchers.messages() >= done * count, 5_000);
  }
  const cpuUs = ((cpuMs(pid) - cpuBefore) * 1_000) / watchers.messages();
  const frame = watchers.lastFrame();
  watchers.close();
  return { cpuUs, connectionBytes, frame };
}
