import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../../adapters/postgres/catalogue.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { createRedis } from "../../adapters/redis/create-redis.ts";
import type { RedisClient } from "../../adapters/redis/create-redis.ts";
import { createShowMetadata } from "../../adapters/redis/show-metadata.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { serverAddress } from "../../tests/server-address.ts";
import { shareShows } from "./share-shows.ts";

let database: TestDatabase;
let planted: StoredShow;
const clients: RedisClient[] = [];

beforeAll(async () => {
  database = await createDatabase();
  const showId = await plantShow(database.pool, { seats: 2 });
  const found = await getShow(database.pool, showId);
  if (found === undefined) throw new Error("Nothing was planted");
  planted = found;
}, 60_000);
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await database.drop();
});

/** PostgreSQL as a process sees it: counts, may be away, and takes a moment. */
function createStore(showId: string) {
  const store = { loads: 0, version: 1, isAway: false, beforeAnswer: async () => undefined };
  const load = async () => {
    store.loads += 1;
    const { version, isAway } = store;
    await store.beforeAnswer();
    if (isAway) throw new Error("away");
    return { ...planted, showId, version };
  };
  return { store, load };
}

async function connect(redisUrl = serverAddress("REDIS_URL")): Promise<RedisClient> {
  const redis = createRedis({ redisUrl, component: "share-test", onError: () => undefined });
  clients.push(redis);
  await eventually(async () => redis.status === "ready" || redisUrl.endsWith(":1"));
  return redis;
}

async function startProcess(load: () => Promise<StoredShow>, { freshMs = 60_000, url = "" } = {}) {
  const metadata = createShowMetadata(await connect(url === "" ? undefined : url));
  return { metadata, ask: shareShows({ metadata, load, freshMs }) };
}

test("a show that ten processes ask for at one moment is read from PostgreSQL once", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  const processes = await Promise.all(Array.from({ length: 10 }, () => startProcess(load)));
  const found = await Promise.all(processes.map(({ ask }) => ask(showId)));
  expect(found.map((one) => one?.show)).toEqual(Array(10).fill({ ...planted, showId }));
  expect(store.loads).toBe(1);
});

test("control: without Redis each of ten processes reads it for itself, and at once", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  const url = "redis://127.0.0.1:1";
  const processes = await Promise.all(
    Array.from({ length: 10 }, () => startProcess(load, { url })),
  );
  const askedAt = performance.now();
  await Promise.all(processes.map(({ ask }) => ask(showId)));
  expect(store.loads).toBe(10);
  expect(performance.now() - askedAt).toBeLessThan(500);
});

test("a process that dies while it reads keeps the others for a quarter of a second, and no longer", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  const { metadata, ask } = await startProcess(load);
  // Whoever may load does not.
  expect((await metadata.read(showId, 60_000)).mayLoad).toBe(true);
  const askedAt = performance.now();
  expect((await ask(showId))?.show.version).toBe(1);
  expect(store.loads).toBe(1);
  expect(performance.now() - askedAt).toBeLessThan(1_000);
});

test("a change makes the next one read anew, and what was read before it is not kept", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  const { metadata, ask } = await startProcess(load);
  store.beforeAnswer = async () => {
    // The change commits and is told while the old row is on its way.
    store.beforeAnswer = async () => undefined;
    store.version = 2;
    await metadata.expire(showId, 2);
    return undefined;
  };
  expect((await ask(showId))?.show.version).toBe(1);
  expect((await ask(showId))?.show.version).toBe(2);
  await eventually(async () => !(await metadata.read(showId, 60_000)).isOld);
  // The news comes twice, and an older one after it.
  for (const version of [2, 1]) await metadata.expire(showId, version);
  expect((await ask(showId))?.show.version).toBe(2);
  expect(store.loads).toBe(2);
});

test("without PostgreSQL it is what Redis knows, and as old as it is", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  await (await startProcess(load)).ask(showId);
  store.isAway = true;
  const { ask, metadata } = await startProcess(load, { freshMs: 0 });
  await eventually(async () => (await metadata.read(showId, 60_000)).text !== undefined);
  const found = await ask(showId);
  expect(found?.show).toEqual({ ...planted, showId });
  await expect(ask(randomUUID())).rejects.toThrow("away");
});

test("what another release has written is not believed", async () => {
  const showId = randomUUID();
  const { store, load } = createStore(showId);
  const { ask, metadata } = await startProcess(load);
  await metadata.write(showId, { version: 1, text: JSON.stringify({ form: 0, show: {} }) });
  expect((await ask(showId))?.show.version).toBe(1);
  expect(store.loads).toBe(1);
});

test("whoever changes what is known of a show raises the number of its form in Redis", () => {
  // Old and new processes share one Redis. After a change: `form` of share-shows.ts goes up by one, and this list is of now.
  expect(Object.keys(planted).toSorted()).toEqual(
    [
      ...["channels", "currency", "format", "hall", "lateSwapAllowed", "layoutHash", "localDate"],
      ...["localTime", "prices", "refundableUntilMs", "salesCloseAtMs", "salesOpenAtMs"],
      ...["seatCount", "seatsApart", "seatsPerBuyerMax", "showId", "startsAtMs", "status"],
      ...["title", "venue", "version"],
    ].toSorted(),
  );
});
