import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Buyer } from "../local/buyer.ts";
import { isRoot } from "../local/paths.ts";
import { createPorts } from "../local/ports.ts";
import { postgres } from "../local/servers/postgres.ts";
import { redis } from "../local/servers/redis.ts";
import { temporal } from "../local/servers/temporal.ts";
import { Supervisor } from "../local/supervise/supervisor.ts";
import { plantShow, plantShowLike } from "../tests/plant-show.ts";
import { startSystem } from "../tests/system.ts";
import type { ProcessName, System } from "../tests/system.ts";
import { createHttpCaller } from "./http-caller.ts";
import type { HttpCaller } from "./http-caller.ts";
import { createSeatSupply } from "./seat-supply.ts";
import type { SeatSupply } from "./seat-supply.ts";

/** How long to measure. */
export type Effort = {
  pairs: number;
  sideSeconds: number;
  openSeconds: number;
  shows: number;
  openCheckouts: number;
  watchers: number;
  streamPairs: number;
  /** People in a line. */
  waiting: number;
};

export type House = {
  effort: Effort;
  system: System;
  redisUrl: string;
  api: HttpCaller;
  buyers: Buyer[];
  /** Ids of many shows, as plain UUIDs; and their seats: nobody's show is hot. */
  shows: string[];
  seats: SeatSupply;
  report(line: string): void;
  /** Made when first asked for, and closed with the house. */
  once<Made>(
    name: string,
    make: () => Promise<{ made: Made; close?: () => Promise<void> }>,
  ): Promise<Made>;
  close(): Promise<void>;
};

export type HouseWishes = { names?: ProcessName[]; settings?: Record<string, string> };

const seatsPerShow = 100;
const stopMsMax = 8_000;
/** Nobody listens there: what is not measured is not started, and the house can live without it. */
const nobody = "127.0.0.1:9";

/** New servers with nothing in them, the house on top, and a thousand shows on sale. */
export async function startHouse(
  effort: Effort,
  report: (line: string) => void,
  { names = ["api", "checkout", "identity"], settings = {} }: HouseWishes = {},
): Promise<House> {
  // A folder that other users may enter: as root, PostgreSQL runs as somebody else.
  const folder = await mkdtemp(join(isRoot() ? "/var/tmp" : tmpdir(), "marquee-bench-"));
  await chmod(folder, 0o755);
  const supervisor = new Supervisor(folder, report);
  const closers = [
    () => rm(folder, { recursive: true, force: true }),
    () => supervisor.stop(stopMsMax),
  ];
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer().catch(() => undefined);
  };
  try {
    report("starting PostgreSQL, Redis and Temporal");
    const redisUrl = await startServers(supervisor, folder, report);
    process.env["NODE_COMPILE_CACHE"] = join(folder, "compiled");
    report("starting the house");
    const system = await startSystem(names, {
      KAFKA_BROKERS: nobody,
      ELASTICSEARCH_URL: `http://${nobody}`,
      TRUSTED_PROXIES: "1",
      // Longer than any run: no hold ends in the middle of a figure.
      HOLD_SECONDS: "3600",
      HOLD_SECONDS_MAX: "3600",
      ...settings,
    });
    closers.push(() => system.close());
    const api = createHttpCaller(system.addresses.api);
    closers.push(async () => api.close());
    report(`putting ${effort.shows} shows on sale`);
    const showIds = await plantShows(system, effort.shows);
    const buyers = await Promise.all(Array.from({ length: 64 }, () => system.signIn(randomUUID())));
    const made = new Map<string, Promise<unknown>>();
    return {
      effort,
      system,
      redisUrl,
      api,
      buyers,
      shows: showIds,
      seats: createSeatSupply(showIds, seatsPerShow),
      report,
      once<Made>(name: string, make: () => Promise<{ made: Made; close?: () => Promise<void> }>) {
        const known =
          made.get(name) ??
          make().then(({ made: value, close: closer }) => {
            if (closer !== undefined) closers.push(closer);
            return value;
          });
        made.set(name, known);
        return known as Promise<Made>;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Always new ones: a server with a past is slower, or warmer. Their addresses go where the house looks for them. */
async function startServers(
  supervisor: Supervisor,
  dataFolder: string,
  report: (line: string) => void,
): Promise<string> {
  const context = { dataFolder, port: createPorts("any"), report };
  const wanted = { DATABASE_URL: postgres, REDIS_URL: redis, TEMPORAL_ADDRESS: temporal };
  for (const [variable, create] of Object.entries(wanted)) {
    const server = await create(context);
    await supervisor.start(await server.prepare());
    process.env[variable] = server.address;
  }
  return process.env["REDIS_URL"] ?? "";
}

async function plantShows({ database }: System, count: number): Promise<string[]> {
  const first = await plantShow(database.pool, {
    seats: seatsPerShow,
    seatsPerBuyerMax: seatsPerShow,
  });
  const showIds = [first];
  while (showIds.length < count) {
    const batch = Array.from({ length: Math.min(20, count - showIds.length) }, () =>
      plantShowLike(database.pool, first),
    );
    showIds.push(...(await Promise.all(batch)));
  }
  await database.pool.query("vacuum analyze");
  return showIds;
}
