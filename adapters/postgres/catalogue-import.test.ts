import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import { afterEach, beforeEach, expect, test } from "@jest/globals";

import type { ShowPublished } from "../../domain/events.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { importCatalogue } from "./catalogue-import.ts";
import { getLayout, getSeatStatuses, getShow } from "./catalogue.ts";
import { holdSeats } from "./holds.ts";

const example = readFileSync(
  new URL("../../docs/examples/catalogue.json", import.meta.url),
  "utf8",
);
// On sale, whenever this test is run; 2083 has the weekdays of 2027.
const onSale = changed(example, [/"2027-02-/g, '"2083-02-'], [/"2026-12-01"/, '"2020-12-01"']);
const sold = changed(onSale, [
  /"daysBefore": 60, "at": "10:00"/,
  '"on": "2020-12-01", "at": "10:00"',
]);

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

function changed(text: string, ...replacements: [RegExp, string][]): string {
  return replacements.reduce((before, [from, to]) => {
    if (before.search(from) < 0) throw new Error(`The example has no ${from}`);
    return before.replace(from, to);
  }, text);
}

async function run(text: string, check = false) {
  return importCatalogue(database.pool, text, { check, report: () => undefined });
}

const tables = [
  ...["organisers", "venues", "layouts", "halls", "titles"],
  ...["shows", "show_prices", "show_seats", "outbox"],
];

/** Every row with the transaction that wrote it last: equal means that nothing was written, not even the same again. */
async function everything() {
  const contents = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await database.pool.query<{ content: string }>(
        `select row_to_json(t)::text || xmin || ctid as content from ${table} t order by 1`,
      );
      return [table, rows.map(({ content }) => content)] as const;
    }),
  );
  return Object.fromEntries(contents);
}

async function eventsAfter(knownCount: number): Promise<ShowPublished[]> {
  const { rows } = await database.pool.query<{ payload: ShowPublished }>(
    "select payload from outbox where topic = 'catalogue-events' order by created_at, event_id offset $1",
    [knownCount],
  );
  return rows.map(({ payload }) => payload);
}

/** The evening of 1 February at the small screen, with one seat held. */
async function holdOne(): Promise<string> {
  const { rows } = await database.pool.query<{ showId: string }>(
    `select show_id as "showId" from shows where format = '4K' order by starts_at limit 1`,
  );
  const showId = rows[0]?.showId ?? "";
  const hold = await holdSeats(database.pool, {
    ...{ showId, bookingId: randomUUID(), userId: randomUUID(), seatIds: ["A1"] },
    ...{ requestHash: "hash", holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
  });
  expect(hold.outcome).toBe("held");
  return showId;
}

test("a catalogue is in with all its seats, prices and one event a show", async () => {
  expect(await run(onSale)).toEqual({
    outcome: "imported",
    summary: {
      ...{ referenceRows: 8, showsNew: 49, showsChanged: 0, showsUnchanged: 0 },
      ...{ seatsNew: 28 * 140 + 21 * 351, seatsAllocated: 0 },
    },
    seatRules: { seatsChanged: 0, taken: [], news: [] },
  });
  const events = await eventsAfter(0);
  expect(events).toHaveLength(49);
  const [event] = events;
  const show = await getShow(database.pool, event?.showId ?? "");
  expect(event).toMatchObject({ type: "ShowPublished", version: 1 });
  expect(event?.show).toMatchObject({
    title: show?.title.name,
    startsAtMs: show?.startsAtMs,
    localTime: show?.localTime,
  });
  const layout = await getLayout(database.pool, show?.layoutHash ?? "");
  const seats = await getSeatStatuses(database.pool, show?.showId ?? "");
  expect(seats.map(({ seatId }) => seatId)).toEqual(layout?.seats.map(({ id }) => id).toSorted());
});

test("the places of an area are seats of the show, and its capacity may change while nobody has bought", async () => {
  const withFloor = (capacity: number) =>
    changed(
      onSale,
      [
        /"name": "Playhouse",/,
        `"name": "Playhouse", "areas": [{ "id": "FLOOR", "name": "Standing", "capacity": ${capacity}, "priceCode": "STAND",
          "outline": [{ "x": -5, "y": 0 }, { "x": 5, "y": 0 }, { "x": 0, "y": 5 }] }],`,
      ],
      [
        /"UPPER": \{ "name"/,
        '"STAND": { "name": "Standing", "amountMinor": 900 }, "UPPER": { "name"',
      ],
    );
  expect(await run(withFloor(20_000))).toMatchObject({
    summary: { seatsNew: 28 * 140 + 21 * 20_351 },
  });
  const { rows } = await database.pool.query<{
    showId: string;
    layoutBytes: number;
    places: number;
  }>(
    `select show_id as "showId", length(content::text) as "layoutBytes", places from layouts join shows using (layout_hash),
       lateral (select count(*)::integer as places from show_seats where show_id = shows.show_id and seat_id like 'FLOOR:%') seat
     where seat_count = 20351 limit 1`,
  );
  // 351 seats have 100 bytes each.
  expect(rows).toEqual([
    { showId: expect.any(String), layoutBytes: expect.any(Number), places: 20_000 },
  ]);
  expect(rows[0]?.layoutBytes).toBeLessThan(50_000);
  expect(await run(withFloor(500))).toMatchObject({ outcome: "imported" });
  const seats = await getSeatStatuses(database.pool, rows[0]?.showId ?? "");
  expect(seats).toHaveLength(851);
}, 60_000);

test("a second import of the same file writes nothing", async () => {
  await run(onSale);
  const before = await everything();
  expect(await run(onSale)).toMatchObject({
    summary: { referenceRows: 0, showsNew: 0, showsChanged: 0, showsUnchanged: 49, seatsNew: 0 },
  });
  expect(await everything()).toEqual(before);
});

test("everything is checked before anything is written: one slip in the last show leaves the database as it was", async () => {
  await run(onSale);
  const before = await everything();
  const text = changed(
    onSale,
    [/"name": "Northgate Leith"/, '"name": "Northgate Harbour"'],
    [/"2083-02-28"/, '"2083-02-30"'],
  );
  expect(await run(text)).toMatchObject({
    outcome: "refused",
    problems: [{ path: "series[1].dates[1]", line: expect.any(Number) }],
  });
  expect(await everything()).toEqual(before);
});

test("a check writes nothing and says what an import would refuse", async () => {
  const before = await everything();
  expect(await run(onSale, true)).toEqual({ outcome: "checked", shows: 49 });
  expect(await everything()).toEqual(before);
});

test("a show that changes is published again at a higher version, and no other", async () => {
  await run(onSale);
  expect(await run(changed(onSale, [/"amountMinor": 1550/, '"amountMinor": 1650']))).toMatchObject({
    summary: { referenceRows: 0, showsNew: 0, showsChanged: 28, showsUnchanged: 21, seatsNew: 0 },
  });
  const events = await eventsAfter(49);
  expect(new Set(events.map(({ version }) => version))).toEqual(new Set([2]));
  expect(new Set(events.map(({ show }) => show.title))).toEqual(new Set(["The Tide Clerk"]));
  expect(new Set(events.map(({ show }) => show.priceToMinor))).toEqual(new Set([1_750]));
});

test("a title that changes publishes its shows again, also those that the file no longer names", async () => {
  await run(onSale);
  const text = changed(
    onSale,
    [/"name": "The Tide Clerk"/, '"name": "The Tide Keeper"'],
    [/"from": "2083-02-01", "to": "2083-02-14"/, '"from": "2083-02-14", "to": "2083-02-14"'],
  );
  await run(text);
  const events = await eventsAfter(49);
  expect(events.map(({ show }) => show.title)).toEqual(
    Array.from({ length: 28 }, () => "The Tide Keeper"),
  );
});

test("a held seat survives a re-import that changes everything else about its show", async () => {
  await run(sold);
  const showId = await holdOne();
  const before = await getSeatStatuses(database.pool, showId);
  await run(changed(sold, [/"amountMinor": 1150/, '"amountMinor": 1250'], [/"4K"/, '"3D"']));
  expect(await getSeatStatuses(database.pool, showId)).toEqual(before);
  expect(await getShow(database.pool, showId)).toMatchObject({ format: "3D", version: 2 });
});

test("new seats for a show are refused while one of its seats is held, and nothing is written", async () => {
  await run(sold);
  await holdOne();
  const before = await everything();
  const text = changed(sold, [/"rows": "A-F"/, '"rows": "A-E"']);
  expect(await run(text)).toMatchObject({
    outcome: "refused",
    problems: [
      {
        path: "series[0]",
        message:
          "2083-02-01 17:30 of tide-clerk-evenings: its layout cannot change: 1 seats are held or sold",
      },
    ],
  });
  expect(await everything()).toEqual(before);
  expect(await run(text, true)).toMatchObject({ outcome: "refused" });
});

test("new seats for shows that nobody has booked replace the old ones", async () => {
  await run(onSale);
  const text = changed(
    onSale,
    [/"rows": "A-F", "seats": 14/, '"rows": "A-E", "seats": 15'],
    [/"PREMIUM": \{ "name"/, '"GOLD": { "name"'],
    [/"priceCode": "PREMIUM"/, '"priceCode": "GOLD"'],
  );
  expect(await run(text)).toMatchObject({ outcome: "imported", summary: { showsChanged: 28 } });
  const [event] = await eventsAfter(49);
  const show = await getShow(database.pool, event?.showId ?? "");
  const layout = await getLayout(database.pool, show?.layoutHash ?? "");
  const { rows } = await database.pool.query(
    `select seat_id as id, price_code as "priceCode" from show_seats where show_id = $1 order by seat_id collate "C"`,
    [show?.showId],
  );
  const wanted = (layout?.seats ?? []).map(({ id, priceCode }) => ({ id, priceCode }));
  expect(rows).toEqual(wanted.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
  expect(show?.prices.map(({ priceCode }) => priceCode)).toEqual(["GOLD", "STD"]);
});

test("a cancelled show stays cancelled", async () => {
  await run(onSale);
  await database.pool.query("update shows set status = 'cancelled'");
  await run(changed(onSale, [/"amountMinor": 1550/, '"amountMinor": 1650']));
  const { rows } = await database.pool.query("select distinct status from shows");
  expect(rows).toEqual([{ status: "cancelled" }]);
});

test("two imports at once are one after the other: no show is there twice, and none is published twice", async () => {
  const outcomes = await Promise.all([run(onSale), run(onSale)]);
  const news = outcomes.map((one) => (one.outcome === "imported" ? one.summary.showsNew : -1));
  expect(news.toSorted((one, other) => one - other)).toEqual([0, 49]);
  expect(await eventsAfter(0)).toHaveLength(49);
});
