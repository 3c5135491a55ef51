import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { ShowPublished } from "../../domain/events.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantShow, plantShowLike } from "../../tests/plant-show.ts";
import { somebodyWaits } from "../../tests/somebody-waits.ts";
import { withTransaction } from "./pool.ts";
import { publishShows } from "./publish-shows.ts";
import { listComingShowIds, renewAvailability } from "./show-availability.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
}, 60_000);
afterAll(() => database.drop());

async function setSeats(showId: string, count: number, status: "booked" | "held" | "blocked") {
  await database.pool.query(
    `update show_seats set status = $3, booking_id = $4, held_until = $5
      where show_id = $1 and seat_id in
        (select seat_id from show_seats where show_id = $1 and status = 'available' order by seat_id limit $2)`,
    [
      showId,
      count,
      status,
      status === "blocked" ? null : randomUUID(),
      status === "held" ? new Date(Date.now() + 60_000) : null,
    ],
  );
}

async function published(showId: string): Promise<ShowPublished[]> {
  const { rows } = await database.pool.query<{ payload: ShowPublished }>(
    "select payload from outbox where show_id = $1 order by event_id",
    [showId],
  );
  return rows.map(({ payload }) => payload);
}

async function saidOf(showId: string) {
  const events = await published(showId);
  return events.map(({ version, show }) => [version, show.availability, show.soldPercent]);
}

test("a show that sells out says so by events, one for each step, and nothing while nothing changes", async () => {
  const showId = await plantShow(database.pool, { seats: 20 });
  expect(await renewAvailability(database.pool, [showId])).toEqual([]);
  for (const count of [9, 0, 9, 2]) {
    await setSeats(showId, count, "booked");
    await renewAvailability(database.pool, [showId]);
  }
  expect(await saidOf(showId)).toEqual([
    [2, "available", 45],
    [3, "few", 90],
    [4, "sold_out", 100],
  ]);
});

test("seats that come back are told too", async () => {
  const showId = await plantShow(database.pool, { seats: 10 });
  await setSeats(showId, 10, "booked");
  await renewAvailability(database.pool, [showId]);
  await database.pool.query(
    "update show_seats set status = 'available', booking_id = null where show_id = $1 and seat_id in ('A1', 'A2')",
    [showId],
  );
  await renewAvailability(database.pool, [showId]);
  expect(await saidOf(showId)).toEqual([
    [2, "sold_out", 100],
    [3, "available", 80],
  ]);
});

test("holds are not news: a show of which everything is held is not sold out", async () => {
  const showId = await plantShow(database.pool, { seats: 10 });
  await setSeats(showId, 10, "held");
  expect(await renewAvailability(database.pool, [showId])).toEqual([]);
});

test("what everybody may buy counts: not blocked seats, and not those of a channel until it closes", async () => {
  const showId = await plantShow(database.pool, { seats: 10 });
  await setSeats(showId, 5, "blocked");
  await database.pool.query(
    "insert into show_channels (show_id, channel, name, closes_at) values ($1, 'house', 'House', now() + interval '1 hour')",
    [showId],
  );
  await database.pool.query(
    "update show_seats set channel = 'house' where show_id = $1 and status = 'available'",
    [showId],
  );
  await renewAvailability(database.pool, [showId]);
  await database.pool.query(
    "update show_channels set closes_at = now() - interval '1 second' where show_id = $1",
    [showId],
  );
  await renewAvailability(database.pool, [showId]);
  expect(await saidOf(showId)).toEqual([
    [2, "sold_out", 0],
    [3, "available", 0],
  ]);
});

test("many look at a show while it sells and its organiser changes it: each version says one thing, and the last one the truth", async () => {
  const showId = await plantShow(database.pool, { seats: 60 });
  const sell = async () => {
    for (let round = 0; round < 20; round += 1) await setSeats(showId, 3, "booked");
  };
  const look = async () => {
    for (let round = 0; round < 20; round += 1) await renewAvailability(database.pool, [showId]);
  };
  const change = async () => {
    for (let round = 0; round < 20; round += 1) {
      await withTransaction(database.pool, async (tx) => {
        await tx.query("update shows set format = $2, version = version + 1 where show_id = $1", [
          showId,
          `format ${round}`,
        ]);
        await publishShows(tx, [showId]);
      });
    }
  };
  await Promise.all([sell(), change(), ...Array.from({ length: 6 }, look)]);
  await renewAvailability(database.pool, [showId]);

  const events = await published(showId);
  const versions = events.map(({ version }) => version);
  expect(new Set(versions).size).toBe(versions.length);
  const last = events.find(({ version }) => version === Math.max(...versions));
  expect(last?.show).toMatchObject({ format: "format 19", availability: "sold_out" });
  expect(last?.show.soldPercent).toBe(100);
});

test("seats are counted when it is this look's turn to write: what was sold while it waited is in it", async () => {
  const showId = await plantShow(database.pool, { seats: 20 });
  await setSeats(showId, 10, "booked");
  const other = await database.pool.connect();
  await other.query("begin");
  await other.query("update shows set version = version + 1 where show_id = $1", [showId]);
  const looking = renewAvailability(database.pool, [showId]);
  await eventually(() => somebodyWaits(database.pool));
  await setSeats(showId, 10, "booked");
  await other.query("commit");
  other.release();
  await looking;
  expect(await saidOf(showId)).toEqual([[3, "sold_out", 100]]);
});

test("shows that are as they say cost one statement, however many", async () => {
  const first = await plantShow(database.pool, { seats: 5 });
  const showIds = [first];
  while (showIds.length < 50) showIds.push(await plantShowLike(database.pool, first));
  const statements: string[] = [];
  const counting = {
    query: (statement: { name: string }) => {
      statements.push(statement.name);
      return database.pool.query(statement as never);
    },
  };
  await renewAvailability(counting as never, showIds);
  expect(statements).toEqual(["count_unsold_seats"]);
});

test("coming shows are listed page by page, each once, also where one alone has more seats than a page", async () => {
  const seen: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await listComingShowIds(database.pool, { after, showsMax: 7, seatsMax: 30 });
    if (page.length === 0) break;
    seen.push(...page);
    after = page.at(-1);
  }
  const { rows } = await database.pool.query("select show_id from shows");
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe(rows.length);
});
