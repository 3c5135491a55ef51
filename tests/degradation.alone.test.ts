import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../adapters/postgres/catalogue.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import { showIds, titleIds, venueIds } from "../domain/ids.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { cuttableLink } from "./cuttable-link.ts";
import { eventually } from "./eventually.ts";
import type { TestBroker } from "./kafka-broker.ts";
import { startBroker } from "./kafka-broker.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import type { ReadableShow, ReadingPage } from "./reading-pages.ts";
import { knownMsMax, readingPages, readPage, unknownMsMax } from "./reading-pages.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startRedis } from "./redis-servers.ts";
import { serverAddress } from "./server-address.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What people can still read while each of the stores is gone or hangs. docs/degradation.md holds the table that this prints.

let system: System;
let redis: RedisServers;
let kafka: TestBroker;
let elasticsearch: CuttableLink;
let temporal: CuttableLink;
let postgres: CuttableLink;
/** Read again and again before anything breaks. */
let known: ReadableShow;
const table = new Map<string, string[]>();

beforeAll(async () => {
  [redis, kafka] = await Promise.all([startRedis(), startBroker()]);
  elasticsearch = await linkTo(new URL(serverAddress("ELASTICSEARCH_URL")));
  temporal = await linkTo(new URL(`tcp://${serverAddress("TEMPORAL_ADDRESS")}`));
  system = await startSystem(["checkout", "relay", "indexer", "identity"], {
    REDIS_URL: redis.url,
    KAFKA_BROKERS: kafka.address,
    ELASTICSEARCH_URL: `http://127.0.0.1:${elasticsearch.port}`,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
  });
  const database = new URL(system.database.url);
  postgres = await linkTo(database);
  database.host = `127.0.0.1:${postgres.port}`;
  // It alone: what is said here is said of what people read.
  await system.start("api", { DATABASE_URL: database.href });
  known = await plant();
  await plantLine(system.database.pool, showIds.decode(known.show));
  await untilWell();
}, 240_000);
afterAll(async () => {
  await system.close();
  for (const link of [elasticsearch, temporal, postgres]) link.close();
  await Promise.all([redis.close(), kafka.close()]);
}, 60_000);

function linkTo({ hostname, port }: URL): Promise<CuttableLink> {
  return cuttableLink({ host: hostname, port: Number(port) });
}

/** A show that the process has not been asked for. */
async function plant(): Promise<ReadableShow> {
  const { pool } = system.database;
  const showId = await plantShow(pool);
  await publishShows(pool, [showId]);
  const stored = await getShow(pool, showId);
  return {
    show: showIds.encode(showId),
    title: titleIds.encode(stored?.title.titleId ?? ""),
    venue: venueIds.encode(stored?.venue.venueId ?? ""),
  };
}

const read = (page: ReadingPage, shown: ReadableShow) =>
  readPage(system.addresses.api, page, shown);

async function untilWell(): Promise<void> {
  await eventually(async () => {
    const answers = await Promise.all(readingPages.map((page) => read(page, known)));
    return answers.every((answer) => answer === "200");
  }, 60_000);
}

async function readTimed(page: ReadingPage, shown: ReadableShow, msMax: number): Promise<string> {
  const askedAt = performance.now();
  const answer = await read(page, shown);
  if (performance.now() - askedAt >= msMax) return `${answer}, late`;
  // A busy machine may be late with one search, and is not with the next; one without Elasticsearch is.
  return answer === "200 simpler" ? read(page, shown) : answer;
}

/** What each page answers, for a show that was read before and for one that nobody has asked for; one word where both are the same. */
async function readAll(unknown: ReadableShow): Promise<string[]> {
  const answers: string[] = [];
  for (const page of readingPages) {
    const ofKnown = await readTimed(page, known, knownMsMax);
    const ofUnknown = await readTimed(page, unknown, unknownMsMax);
    answers.push(ofKnown === ofUnknown ? ofKnown : `${ofKnown}; new: ${ofUnknown}`);
  }
  return answers;
}

/** Until a show is half a minute old, twice as old as a fresh one, it is as good as new while somebody asks for it anew. */
async function isOld({ show }: ReadableShow): Promise<boolean> {
  const { headers } = await fetch(`${system.addresses.api}/v1/shows/${show}`);
  return Number(headers.get("stale-seconds")) > 30;
}

type Outage = {
  name: string;
  begin: () => unknown;
  end: () => unknown;
  /** Who says so, where the API itself cannot tell. */
  isAway?: (sold: ReadableShow) => Promise<boolean>;
  /** What is known is to be old before it is read. */
  isOld?: boolean;
};

const isKafkaAway = async () => !(await system.isReady("indexer"));
const isRedisAway = async () => redis.clients[0]?.status !== "ready";
async function isTemporalAway({ show }: ReadableShow): Promise<boolean> {
  const buyer = await system.signIn("asha");
  const { status } = await buyer.reserve({ showId: show, seatIds: ["A1"] });
  return status === 503 || status === 202;
}

const outages: Outage[] = [
  { name: "nothing", begin: () => undefined, end: () => undefined },
  {
    name: "Elasticsearch gone",
    begin: () => elasticsearch.cut(),
    end: () => elasticsearch.mend(),
  },
  {
    name: "Elasticsearch hangs",
    begin: () => elasticsearch.hang(),
    end: () => elasticsearch.mend(),
  },
  {
    name: "Kafka gone",
    begin: () => kafka.kill(),
    end: () => kafka.start(),
    isAway: isKafkaAway,
  },
  {
    name: "Redis gone",
    begin: () => redis.kill(0),
    end: () => redis.start(0),
    isAway: isRedisAway,
  },
  { name: "Redis hangs", begin: () => redis.stall(), end: () => redis.goOn() },
  {
    name: "Temporal gone",
    begin: () => temporal.cut(),
    end: () => temporal.mend(),
    isAway: isTemporalAway,
  },
  {
    name: "all four gone",
    async begin() {
      elasticsearch.cut();
      temporal.cut();
      await Promise.all([kafka.kill(), redis.kill(0)]);
    },
    async end() {
      elasticsearch.mend();
      temporal.mend();
      await Promise.all([kafka.start(), redis.start(0)]);
    },
    isAway: async (sold) =>
      (await isKafkaAway()) && (await isRedisAway()) && (await isTemporalAway(sold)),
  },
  {
    name: "PostgreSQL gone",
    begin: () => postgres.cut(),
    end: () => postgres.mend(),
    isOld: true,
  },
  {
    name: "PostgreSQL hangs",
    begin: () => postgres.hang(),
    end: () => postgres.mend(),
    isOld: true,
  },
];

test.each(outages)(
  "with $name people read on, marked where it is not of now, and in bounded time",
  async (outage) => {
    const [unknown, sold] = await Promise.all([plant(), plant()]);
    await untilWell();
    await outage.begin();
    try {
      await eventually(async () => (await outage.isAway?.(sold)) ?? true, 60_000);
      if (outage.isOld === true) await eventually(async () => isOld(known), 60_000);
      // The first who ask may be those who find it out.
      await Promise.all(readingPages.map((page) => read(page, known)));
      const answers = await readAll(unknown);
      table.set(outage.name, answers);
      expect(answers.filter((answer) => /late|without|404|500/.test(answer))).toEqual([]);
    } finally {
      await outage.end();
    }
  },
  180_000,
);

test("docs/degradation.md holds what was seen", () => {
  const seen = writeTable();
  process.stdout.write(`\n${seen}\n`);
  expect(readTable(readFileSync("docs/degradation.md", "utf8"))).toEqual(readTable(seen));
});

function writeTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row(["away", ...readingPages]),
    row(["", ...readingPages].map(() => "---")),
    ...[...table].map(([name, answers]) => row([name, ...answers])),
  ].join("\n");
}

/** Its cells, however wide they are set. */
function readTable(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^[| :-]+$/.test(line))
    .map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    );
}
