import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { PutShows } from "../adapters/elasticsearch/put-shows.ts";
import { createLogger } from "../platform/logger.ts";
import { createDatabase } from "../tests/databases.ts";
import type { TestDatabase } from "../tests/databases.ts";
import { plantShow, plantShowLike } from "../tests/plant-show.ts";
import { fillFromCatalogue } from "./fill-from-catalogue.ts";

const showCount = 1_203;
const logger = createLogger("test", "silent");
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const first = await plantShow(database.pool, { seats: 1 });
  for (let count = 1; count < showCount; count += 1) await plantShowLike(database.pool, first);
}, 60_000);
afterAll(() => database.drop());

/** Takes all shows but the first so many. */
function indexThatRefuses(count: number): { put: PutShows; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    async put(shows) {
      const refused = shows.slice(0, Math.max(0, count - seen.length));
      seen.push(...shows.map(({ show }) => show.showId));
      return refused.map((show) => ({ show, reason: "does not fit" }));
    },
  };
}

test("every show is put once, in pages", async () => {
  const { put, seen } = indexThatRefuses(0);
  await fillFromCatalogue(database.pool, put, { logger, signal: new AbortController().signal });
  expect(seen.length).toBe(showCount);
  expect(new Set(seen).size).toBe(showCount);
});

test("one show in a hundred may not fit; with one more no index is better than this one", async () => {
  const { signal } = new AbortController();
  const few = indexThatRefuses(12);
  await fillFromCatalogue(database.pool, few.put, { logger, signal });
  expect(few.seen.length).toBe(showCount);
  const filling = fillFromCatalogue(database.pool, indexThatRefuses(13).put, { logger, signal });
  await expect(filling).rejects.toThrow("13 of 1203 shows were refused");
});

test("a lock that is lost ends it before the next page", async () => {
  const lock = new AbortController();
  const { put, seen } = indexThatRefuses(0);
  const losing: PutShows = async (shows) => {
    lock.abort(new Error("The lock is lost"));
    return put(shows);
  };
  const filling = fillFromCatalogue(database.pool, losing, { logger, signal: lock.signal });
  await expect(filling).rejects.toThrow("The lock is lost");
  expect(seen.length).toBe(1_000);
});
