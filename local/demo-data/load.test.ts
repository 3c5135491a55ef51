import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { readCatalogue } from "../../adapters/postgres/read-catalogue.ts";
import { addDays } from "../../domain/local-time.ts";
import { readPoster } from "../../domain/read-poster.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { loadDemoData } from "./load.ts";
import { makeDemoCatalogue } from "./make-demo-catalogue.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test("an empty database gets people, and shows in six cities on each of the coming days; a full one is left alone", async () => {
  const lines: string[] = [];
  await loadDemoData(database.url, (line) => lines.push(line));
  await loadDemoData(database.url, (line) => lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/^demo catalogue: \d{3} shows with \d+ seats/)]);
  const { rows } = await database.pool.query(
    `select count(distinct venue.city)::integer as cities, min(show.starts_at) > now() as coming,
       count(distinct show.starts_at::date) >= 28 as "everyDay", max(layout.seat_count) as largest,
       (select count(*)::integer from people) as people
     from shows show join halls hall using (hall_id) join venues venue using (venue_id)
     join layouts layout on layout.layout_hash = show.layout_hash`,
  );
  expect(rows).toEqual([{ cities: 6, coming: true, everyDay: true, largest: 20_000, people: 9 }]);
}, 60_000);

test("the same day and seed give the same catalogue, and another seed another", () => {
  const today = "2026-11-24";
  expect(makeDemoCatalogue({ today, seed: 1 })).toEqual(makeDemoCatalogue({ today, seed: 1 }));
  expect(makeDemoCatalogue({ today, seed: 2 })).not.toEqual(makeDemoCatalogue({ today, seed: 1 }));
  // A metre is exact enough: 51.506299999999996 is for nobody to read.
  expect(JSON.stringify(makeDemoCatalogue({ today, seed: 1 }))).not.toMatch(/\.\d{6}/);
});

test("the catalogue is in order whatever the day, across every change of clocks", () => {
  const refused = [];
  // Steps of 31 days meet every weekday and every month.
  for (let day = 0; day < 380; day += 31) {
    const today = addDays("2026-11-24", day);
    const read = readCatalogue(JSON.stringify(makeDemoCatalogue({ today, seed: 1 })));
    if (read.outcome === "refused") refused.push({ today, problem: read.problems[0] });
  }
  expect(refused).toEqual([]);
}, 60_000);

test("every title has a poster of its own, of 15 kB at the most", () => {
  const { posters, titles } = makeDemoCatalogue({ today: "2026-11-24", seed: 1 });
  const read = posters.map((base64) => readPoster(Buffer.from(base64, "base64")));
  expect(read).toEqual(
    titles.map(() => ({ outcome: "read", mediaType: "image/png", width: 200, height: 300 })),
  );
  expect(new Set(titles.map(({ poster }) => poster)).size).toBe(titles.length);
  expect(Math.max(...posters.map((base64) => base64.length * 0.75))).toBeLessThan(15_000);
});
