import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { makeDemoCatalogue } from "../../local/demo-data/make-demo-catalogue.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { importCatalogue } from "./catalogue-import.ts";
import { getTitle, getVenue } from "./catalogue.ts";
import { findShows } from "./find-shows.ts";
import type { ShowFilter } from "./find-shows.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const catalogue = makeDemoCatalogue({ today: "2099-01-01", seed: 7 });
  const venues = catalogue.venues.filter(({ key }) => key !== "harbor-dome");
  const series = catalogue.series.filter(({ hall }) => !hall.startsWith("harbor-dome"));
  const text = JSON.stringify({ ...catalogue, venues, series });
  await importCatalogue(database.pool, text, { check: false, report: () => undefined });
});
afterAll(() => database.drop());

async function find(filter: Partial<ShowFilter>) {
  return (await findShows(database.pool, { limit: 200, ...filter })).shows;
}

test("pages join without a gap or a double, soonest first, to the last show", async () => {
  // Times of the clock, in microseconds, that no page may cut off.
  for (let count = 0; count < 5; count += 1) await plantShow(database.pool);
  const { rows } = await database.pool.query<{ showId: string }>(
    `select show_id as "showId" from shows order by starts_at, show_id`,
  );
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await findShows(database.pool, { limit: 97, cursor });
    found.push(...page.shows.map(({ showId }) => showId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(found).toEqual(rows.map(({ showId }) => showId));
});

test("city and genre are found in any case, and only they", async () => {
  const shows = await find({ city: "TOKYO", genre: "Drama" });
  expect(shows.length).toBeGreaterThan(0);
  expect(new Set(shows.map(({ city, genre }) => `${city} ${genre}`))).toEqual(
    new Set(["Tokyo drama"]),
  );
});

test("dates are those of the venue's own calendar, both included", async () => {
  const shows = await find({ fromDate: "2099-01-03", toDate: "2099-01-04" });
  expect(new Set(shows.map(({ localDate }) => localDate))).toEqual(
    new Set(["2099-01-03", "2099-01-04"]),
  );
  expect(new Set(shows.map(({ city }) => city)).size).toBe(6);
});

test("every word of a text must occur, in title, people, genre, venue or city; its signs are only signs", async () => {
  const shows = await find({ text: "berlin SPEICHER" });
  expect(new Set(shows.map(({ venueName }) => venueName))).toEqual(
    new Set(["Theater am Speicher"]),
  );
  expect(await find({ text: "berlin bandra" })).toEqual([]);
  expect(await find({ text: "%" })).toEqual([]);
  expect(await find({ text: "_umen" })).toEqual([]);
});

test("a title and a venue come with their own coming shows", async () => {
  const [show] = await find({ city: "Berlin" });
  const title = await getTitle(database.pool, show?.titleId ?? "");
  const venue = await getVenue(database.pool, show?.venueId ?? "");
  expect(title).toMatchObject({ name: show?.title });
  expect(new Set(title?.shows.map(({ titleId }) => titleId))).toEqual(new Set([show?.titleId]));
  expect(new Set(venue?.shows.map(({ venueId }) => venueId))).toEqual(new Set([show?.venueId]));
  expect(venue?.halls.map(({ name }) => name)).toContain(show?.hallName);
});

test("shows that have begun or are cancelled are not found", async () => {
  const [first, second] = await find({ city: "Mumbai", limit: 2 });
  await database.pool.query(
    "update shows set starts_at = now() - interval '1 minute' where show_id = $1",
    [first?.showId],
  );
  await database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    second?.showId,
  ]);
  const left = (await find({ city: "Mumbai" })).map(({ showId }) => showId);
  expect(left).not.toContain(first?.showId);
  expect(left).not.toContain(second?.showId);
});

test("a cursor that is none is refused by its code", async () => {
  await expect(find({ cursor: "tomorrow" })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
});
