import { showIds } from "../../domain/ids.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { comparePairs } from "../compare-pairs.ts";
import { ratioResult } from "../goal.ts";
import type { Goal } from "../goal.ts";
import type { House } from "../house.ts";
import { rawSse } from "../limits/l8-raw-sse.ts";
import { cpuMs, residentBytes } from "../process-cost.ts";
import { sendReserve } from "../reserve.ts";
import { createSeatSupply } from "../seat-supply.ts";
import { openSeatWatchers } from "../seat-watchers.ts";

const warmUps = 4;
const changes = 12;

type Streams = { pid: number; url: string; change: () => Promise<unknown> };

/** One seat change to everybody who looks at the show, against writing the same bytes to as many bare connections. */
export const streamCost: Goal = async (house) => {
  const { watchers, streamPairs } = house.effort;
  const how = `${watchers} watchers, ${changes} changes a run after ${warmUps} to warm up; ours includes answering the reserves that make them; limit: L8, node:http writing the same frames`;
  const ours = await ownStreams(house);
  let frame = "event: seats\ndata: {}\n\n";
  const raw = await rawSse(house);
  const limit = { pid: raw.pid, url: raw.address, change: () => raw.broadcast(frame) };
  // What the first streams and messages load and compile is not the others'.
  for (const streams of [ours, limit]) await measure(streams, 20);
  const memory = { ours: [] as number[], limit: [] as number[] };
  const run = async (side: "ours" | "limit", streams: Streams) => {
    house.report(`P13: ${watchers} watchers (${side})`);
    const measured = await measure(streams, watchers);
    memory[side].push(measured.watcherBytes / 1_000);
    if (side === "ours") frame = measured.frame;
    return measured.messageUs;
  };
  const comparison = await comparePairs({
    pairs: streamPairs,
    ours: () => run("ours", ours),
    limit: () => run("limit", limit),
  });
  // Only the first run finds a process that has never kept so many connections: later ones reuse its memory.
  const [oursKb = Number.NaN] = memory.ours;
  const [limitKb = Number.NaN] = memory.limit;
  const ratio = oursKb / limitKb;
  const once = { ours: oursKb, limit: limitKb, ratio, lowerQuartile: ratio, upperQuartile: ratio };
  return [
    ratioResult(
      { goal: "P13", what: "CPU of a message", how },
      { atMost: [1.3, 1.1] },
      comparison,
      "µs",
    ),
    ratioResult(
      { goal: "P13", what: "memory of a watcher", how },
      { atMost: [1.5, 1.1] },
      once,
      "kB",
    ),
  ];
};

async function ownStreams(house: House): Promise<Streams> {
  const { database, addresses } = house.system;
  const showId = await plantShow(database.pool, { seats: 500, seatsPerBuyerMax: 500 });
  const seats = createSeatSupply([showId], 500);
  const url = `${addresses.api}/v1/shows/${showIds.encode(showId)}/seats/stream`;
  // A new process: one that has worked before has memory to spare, and its watchers would seem to need none.
  await house.system.kill("api");
  await house.system.start("api");
  const pid = house.system.pid("api") ?? 0;
  return { pid, url, change: () => sendReserve(house, seats.next()) };
}

async function measure({ pid, url, change }: Streams, count: number) {
  const bytesBefore = residentBytes(pid);
  const watchers = await openSeatWatchers(url, count);
  const watcherBytes = (residentBytes(pid) - bytesBefore) / count;
  // Changes of half a second may come together: one at a time, so that each is a message.
  const changeSeats = async (times: number) => {
    watchers.reset();
    for (let done = 1; done <= times; done += 1) {
      await change();
      await eventually(async () => watchers.messages() >= done * count, 5_000);
    }
  };
  await changeSeats(warmUps);
  const cpuBefore = cpuMs(pid);
  await changeSeats(changes);
  const messageUs = ((cpuMs(pid) - cpuBefore) * 1_000) / watchers.messages();
  const frame = watchers.lastFrame();
  watchers.close();
  return { messageUs, watcherBytes, frame };
}
