import { randomBytes } from "node:crypto";
import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Producer, stringSerializers } from "@platformatic/kafka";
import { Connection, WorkflowClient } from "@temporalio/client";
import { Redis } from "ioredis";

import { eventually } from "../eventually.ts";
import { serverAddress } from "../server-address.ts";
import { startSystem } from "../system.ts";
import type { System } from "../system.ts";
import { buyInEveryWay } from "./buy-in-every-way.ts";
import { findOddValues } from "./find-odd-values.ts";
import type { Text } from "./find-personal-data.ts";
import { findCanaries, findCardNumbers } from "./find-personal-data.ts";
import { startGrumpyMailServer } from "./grumpy-mail-server.ts";
import { readDatabase } from "./read-database.ts";
import { countEnded, readHistories } from "./read-histories.ts";
import { readRedis } from "./read-redis.ts";
import { readTopics } from "./read-topics.ts";

/** Stands nowhere else, on whatever servers the test runs. */
const mark = randomBytes(4).toString("hex");
const asha = {
  name: `Asha Canary-${mark}`,
  email: `asha.${mark}@canary.example`,
  phone: `+44 7700 ${randomDigits(6)}`,
  card: "4242 4242 4242 4242",
};
const ben = {
  name: `Ben O'Canary-${mark}`,
  email: `ben+${mark}@canary.example`,
  phone: `+44 7700 ${randomDigits(6)}`,
  card: "5555 5555 5555 4444",
};
const canaries = [asha, ben].flatMap(Object.values<string>);

let system: System;
let mail: Awaited<ReturnType<typeof startGrumpyMailServer>>;
let swept: Awaited<ReturnType<typeof sweep>>;

beforeAll(async () => {
  mail = await startGrumpyMailServer({ forGood: ben.email, once: asha.email });
  system = await startSystem(
    ["api", "checkout", "payments", "stripe", "identity", "relay", "notifier", "indexer"],
    { HOLD_SECONDS: "8", LOG_LEVEL: "debug", SMTP_URL: mail.url },
  );
  await buyInEveryWay(system, asha, ben);
  await everythingIsOver();
  swept = await sweep();
}, 180_000);
afterAll(async () => {
  await system.close();
  await mail.close();
}, 30_000);

function randomDigits(count: number): string {
  return Array.from(randomBytes(count), (byte) => byte % 10).join("");
}

/**
 * Both mails of Asha's, the one of Ben's that is parked, and nothing on its way. Temporal lists a workflow, and its end, a
 * little later: three tickets, three that ended without, one refused, one late payment.
 */
async function everythingIsOver() {
  await eventually(
    async () => (await countEnded(system.addresses.temporal, system.namespace)) === 8,
    30_000,
  );
  await eventually(async () => mail.delivered() === 2, 20_000);
  await eventually(async () => (await readTopics(...topics("booking-events.parked"))).length > 0);
  await eventually(async () => (await count("select 1 from outbox")) === 0);
  const held = "select 1 from bookings where status in ('held', 'confirmed')";
  await eventually(async () => (await count(held)) === 0, 20_000);
}

async function count(query: string): Promise<number> {
  return (await system.database.pool.query(query)).rowCount ?? 0;
}

function topics(part = ""): [string[], string] {
  return [serverAddress("KAFKA_BROKERS").split(","), `${system.namespace}.${part}`];
}

/** Everything that this system has written anywhere, and the servers' own logs. */
async function sweep() {
  const histories = await readHistories(system.addresses.temporal, system.namespace);
  const stores: Record<string, Text[]> = {
    temporal: histories.texts,
    kafka: await readTopics(...topics()),
    postgresql: await readDatabase(system.database.pool),
    redis: await readRedis(process.env["REDIS_URL"] ?? ""),
    house: await readFiles(system.folder),
  };
  // `npm test` says where they are; of servers that were there before nobody knows.
  const serverLogs = await readFiles(process.env["MARQUEE_SERVER_LOGS"]);
  return { stores, serverLogs, histories };
}

async function readFiles(folder: string | undefined): Promise<Text[]> {
  if (folder === undefined) return [];
  const files = await readdir(folder);
  return Promise.all(
    files.map(async (place) => ({ place, text: await readFile(join(folder, place), "utf8") })),
  );
}

function findings({ stores, serverLogs }: typeof swept) {
  const house = Object.entries(stores).flatMap(([store, texts]) =>
    texts.map(({ place, text }) => ({ place: `${store} ${place}`, text })),
  );
  return [
    ...findCanaries([...house, ...serverLogs], canaries),
    ...house.flatMap(({ place, text }) => findCardNumbers(text).map((card) => `${place}: ${card}`)),
  ];
}

test("the sweep has something to read: every store, every process, every ending", async () => {
  const { rows } = await system.database.pool.query<{ status: string }>(
    "select distinct status from bookings order by status",
  );
  expect(rows.map(({ status }) => status)).toEqual(["cancelled", "expired", "ticketed"]);
  expect(swept.histories.workflows).toBe(8);
  expect(await count("select 1 from people")).toBe(2);
  const files = swept.stores["house"]?.filter(({ text }) => text !== "").map(({ place }) => place);
  expect(files?.toSorted()).toEqual([
    ...["api.log", "checkout.log", "identity-key.json", "identity.log", "indexer.log"],
    ...["notifier.log", "payments.log", "relay.log", "stripe.jsonl", "stripe.log"],
  ]);
  // Redis holds least: a key and a value for each seat that is sold.
  const scarce = Object.entries(swept.stores).filter(([, texts]) => texts.length < 6);
  expect(scarce).toEqual([]);
});

test("no name, address, phone or card number stands in clear in any history, topic, table, key or log", () => {
  expect(findings(swept)).toEqual([]);
});

test("workflows are told, and tell, ids, whole numbers and words of the house, nothing else", () => {
  expect(findOddValues(swept.histories.payloads)).toEqual([]);
});

test("control: what is planted is found, in every store and every part of it", async () => {
  await plantEverywhere();
  const planted = await sweep();
  const places = new Set(findings(planted).map((finding) => finding.replace(/: .*$/s, "")));
  const workflow = `temporal planted-${mark}`;
  expect([...places].toSorted()).toEqual([
    "house notifier.log",
    "kafka booking-events",
    "postgresql public.layouts.content",
    "postgresql public.organisers.name",
    "postgresql public.people.name_sealed",
    `redis key asha.${mark}@canary.example`,
    `redis value of planted-${mark}`,
    `${workflow} description.executionConfig.userMetadata.summary`,
    `${workflow} description.workflowExecutionInfo.memo.fields.buyer`,
    `${workflow} event 1.userMetadata.summary`,
    `${workflow} event 1.workflowExecutionStartedEventAttributes.input.payloads.0`,
    `${workflow} event 1.workflowExecutionStartedEventAttributes.memo.fields.buyer`,
  ]);
  const odd = findOddValues(planted.histories.payloads).map((one) => one.split(": ")[0]);
  expect(new Set(odd)).toEqual(new Set([...places].flatMap(inTemporal)));
});

function inTemporal(place: string): string[] {
  return place.startsWith("temporal ") ? [place.slice("temporal ".length)] : [];
}

async function plantEverywhere() {
  await appendFile(join(system.folder, "notifier.log"), `{"to":"${ben.email}"}\n`);
  const redis = new Redis(process.env["REDIS_URL"] ?? "");
  await redis.set(asha.email, "1", "EX", 60);
  await redis.hset(`planted-${mark}`, "phone", ben.phone.replaceAll(" ", ""));
  await redis.expire(`planted-${mark}`, 60);
  redis.disconnect();

  const { pool } = system.database;
  await pool.query("update organisers set name = upper($1)", [asha.name]);
  await pool.query("update people set name_sealed = $1", [Buffer.from(ben.name)]);
  const card = { paidWith: "4000-0566 5566-5556" };
  await pool.query("update layouts set content = $1", [JSON.stringify(card)]);

  const [brokers, prefix] = topics();
  const producer = new Producer({
    clientId: "planter",
    bootstrapBrokers: brokers,
    serializers: stringSerializers,
  });
  const header = { reason: encodeURIComponent(asha.name) };
  const message = { topic: `${prefix}booking-events`, key: "k", value: "{}", headers: header };
  await producer.send({ messages: [message] });
  await producer.close();

  const connection = await Connection.connect({ address: system.addresses.temporal });
  const client = new WorkflowClient({ connection, namespace: system.namespace });
  await client.start("checkout", {
    workflowId: `planted-${mark}`,
    taskQueue: "checkout",
    args: [Buffer.from(`to ${ben.email}`).toString("base64")],
    memo: { buyer: asha.name },
    staticSummary: `For ${ben.name}`,
    workflowExecutionTimeout: "1m",
  });
  await connection.close();
}

test.each([
  ["a Date", { heldUntil: new Date(0) }],
  ["an Error", { error: new Error("x") }],
  ["a Map", { seats: new Map([["A1", 1]]) }],
  ["a Buffer", { key: Buffer.from("key") }],
  ["a fraction", { amountMinor: 10.5 }],
  ["a name", { buyer: "Asha" }],
  ["an address", ["asha@example.com"]],
  ["a card number", { seatIds: ["4242424242424242"] }],
  ["a name as a key", { "Asha Rao": true }],
])("control: %s in a payload is odd", (_what, value) => {
  const payload = { place: "input", encoding: "json/plain", text: JSON.stringify(value) };
  expect(findOddValues([payload])).toHaveLength(1);
});
