import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { listShowIndices } from "../adapters/elasticsearch/show-index.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import { eventually } from "./eventually.ts";
import { expectAsPostgres } from "./expect-as-postgres.ts";
import { plantShowLike } from "./plant-show.ts";
import { runReindex } from "./run-reindex.ts";
import { startSearchHouse } from "./search-house.ts";
import type { SearchHouse } from "./search-house.ts";
import type { System } from "./system.ts";

// The index is built anew, or its server goes away, while events flow.

let house: SearchHouse;
let system: System;
beforeAll(async () => {
  house = await startSearchHouse();
  ({ system } = house);
}, 120_000);
afterAll(() => house?.close(), 30_000);

const isReady = () => system.isReady("indexer");
const indices = () => listShowIndices(house.elastic, house.alias);

test("Elasticsearch is away: the indexer lives, says so and how far it is behind; when it is back nothing is lost", async () => {
  const showIds = await house.plantShows(5);
  await eventually(isReady);
  const pid = system.pid("indexer");
  house.link.cut();
  for (const showId of showIds) await house.change(showId, "while it was away");
  await eventually(async () => !(await isReady()), 20_000);
  await eventually(
    async () =>
      (await system.count("indexer", "marquee_events_behind")) >= 5 &&
      (await system.count("indexer", "marquee_events_oldest_seconds")) > 1,
    20_000,
  );
  house.link.mend();
  await expectAsPostgres(house);
  await eventually(isReady, 20_000);
  await eventually(
    async () => (await system.count("indexer", "marquee_events_behind")) === 0,
    20_000,
  );
  expect(system.pid("indexer")).toBe(pid);
}, 120_000);

test("Elasticsearch takes requests and never answers: it is given up after seconds, and nothing is lost", async () => {
  const showIds = await house.plantShows(5);
  await expectAsPostgres(house);
  house.link.swallow();
  for (const showId of showIds) await house.change(showId, "while it was silent");
  await expectAsPostgres(house, 30_000);
  await eventually(isReady, 30_000);
}, 120_000);

test("the index is lost: it is built again from PostgreSQL, without anybody's doing", async () => {
  const { read } = await indices();
  await house.elastic.indices.delete({ index: read });
  await expectAsPostgres(house, 30_000);
}, 60_000);

test("a reindex while shows change and new ones come: nothing is missing, double or stale", async () => {
  const showIds = await house.plantShows(2_000);
  const before = await indices();
  const reindex = runReindex(system);
  let isOver = false;
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let round = 0; !isOver; round += 1) {
      const showId = showIds[(round * 7 + writer * 500) % showIds.length] ?? "";
      await house.change(showId, `writer ${writer}, round ${round}`);
      if (round % 10 === 0) {
        await publishShows(system.database.pool, [
          await plantShowLike(system.database.pool, showId),
        ]);
      }
    }
  });
  const { code, output } = await reindex.ended;
  isOver = true;
  await Promise.all(writers);
  expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("total") });
  const { read, left } = await indices();
  expect(read).not.toEqual(before.read);
  expect(left).toEqual([]);
  await expectAsPostgres(house, 30_000);
}, 120_000);

test("one reindex at a time: the second one says so. One that is killed leaves search right, and nothing behind for long", async () => {
  const { pool } = system.database;
  const lock = await pool.connect();
  await lock.query("begin");
  await lock.query("lock table layouts in access exclusive mode");
  const first = runReindex(system);
  await eventually(async () => (await indices()).left.length === 1, 20_000);
  const second = await runReindex(system).ended;
  expect(second).toMatchObject({ code: 1, output: expect.stringContaining("already") });
  first.kill();
  await first.ended;
  await lock.query("rollback");
  lock.release();
  expect((await indices()).left).toHaveLength(1);
  await expectAsPostgres(house);

  const third = await eventually(async () => {
    const ended = await runReindex(system).ended;
    return ended.code === 0 && ended;
  }, 60_000);
  expect(third.code).toBe(0);
  expect((await indices()).left).toEqual([]);
  await expectAsPostgres(house);
}, 120_000);
