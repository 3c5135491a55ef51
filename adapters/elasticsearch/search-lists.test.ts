import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { ShowDocument } from "../../domain/events.ts";
import type { FoundShows, ShowSearch } from "../../domain/show-search.ts";
import { toShowSummary } from "../../api/http/show-summary.ts";
import { createTestIndex } from "../../tests/test-index.ts";
import type { TestIndex } from "../../tests/test-index.ts";
import { showDocument } from "../../tests/show-document.ts";

// What a list promises: its order, its pages while shows come and go, its titles, and what it offers instead of nothing.

// A Friday, half past noon in London, half past nine at night in Tokyo, half past seven in the morning in New York.
let nowMs = Date.parse("2099-11-27T12:30:00Z");
let mine: TestIndex;
beforeAll(async () => {
  mine = await createTestIndex(() => nowMs);
});
afterAll(() => mine.close());

const search = (query: Partial<ShowSearch>) => mine.index.search({ limit: 10, ...query });
const titlesOf = ({ shows }: FoundShows) => shows.map(({ title }) => title);

async function readPages(query: Partial<ShowSearch>, between: (page: number) => Promise<void>) {
  const pages: FoundShows[] = [];
  let cursor: string | undefined;
  do {
    const page: FoundShows = await search({ ...query, cursor });
    pages.push(page);
    cursor = page.nextCursor;
    await between(pages.length);
  } while (cursor !== undefined);
  return pages;
}

function series(title: string, count: number, wanted: Partial<ShowDocument> = {}) {
  return Array.from({ length: count }, (_, number) =>
    showDocument({ title, startsAtMs: nowMs + (number + 1) * 86_400_000, ...wanted }),
  );
}

test.each(["relevance", "date", "price"] as const)(
  "sorted by %s, shows that did not change are seen once each, while others come, go and change",
  async (sort) => {
    const city = `Pages ${sort}`;
    const shows = series("Steady", 25, { city });
    await mine.put(shows);
    const changed = shows.splice(-3);
    const pages = await readPages({ text: "steady", city, sort, limit: 4 }, async (page) => {
      const change = changed[page - 1];
      if (change === undefined) return;
      // New shows that change how rare the word is, before and behind the place of the cursor; and one that is cancelled.
      const startsAtMs = nowMs + page * 3_600_000;
      await mine.put(series("Steady steady going", 3, { city, startsAtMs }));
      await mine.put([{ ...change, status: "cancelled" }], 2);
      nowMs += 60_000;
    });
    const seen = pages.flatMap((page) => page.shows.map(({ showId }) => showId));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(shows.map(({ showId }) => showId)));
  },
);

test("control: a similarity that looks at other shows scores the same show anew when others come", async () => {
  const { elastic } = mine;
  const index = `test-${randomUUID()}`;
  const field = (similarity: string) => ({ type: "text", similarity }) as const;
  await elastic.indices.create({
    index,
    mappings: { properties: { usual: field("BM25"), ours: field("boolean") } },
  });
  const add = (words: string) =>
    elastic.index({ index, refresh: true, document: { usual: words, ours: words } });
  const score = async (name: string) =>
    (await elastic.search({ index, query: { match: { [name]: "steady" } } })).hits.hits[0]?._score;
  await add("steady");
  const before = [await score("usual"), await score("ours")];
  for (let more = 0; more < 3; more += 1) await add("something else");
  const after = [await score("usual"), await score("ours")];
  await elastic.indices.delete({ index });
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test("a cursor belongs to its query, and lives a day", async () => {
  const city = "Cursors";
  await mine.put(series("Cursor", 3, { city }));
  const { nextCursor: cursor } = await search({ city, limit: 1 });
  await expect(search({ city, limit: 2, cursor })).resolves.toMatchObject({ total: 3 });
  await expect(search({ city, sort: "price", cursor })).rejects.toMatchObject({
    code: "CURSOR_INVALID",
  });
  await expect(search({ cursor })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  nowMs += 25 * 3_600_000;
  await expect(search({ city, cursor })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  nowMs -= 25 * 3_600_000;
});

test("by title: each title once with its next three shows, to the last title", async () => {
  const city = "Titles";
  const titles = Array.from({ length: 7 }, (_, number) =>
    series(`Title ${number}`, 5, { city, titleId: randomUUID() }).toReversed(),
  );
  await mine.put(titles.flat());
  const pages = await readPages({ city, byTitle: true, limit: 3 }, async () => undefined);
  const found = pages.flatMap((page) => page.titles ?? []);
  expect(pages.map(({ total }) => total)).toEqual([7, 7, 7]);
  expect(pages.flatMap(({ shows }) => shows)).toEqual([]);
  expect(new Set(found.map(({ shows }) => shows[0]?.titleId))).toEqual(
    new Set(titles.map(([show]) => show?.titleId)),
  );
  expect(found).toHaveLength(7);
  for (const { shows, showsTotal } of found) {
    expect(showsTotal).toBe(5);
    const days = shows.map(({ startsAtMs }) => Math.round((startsAtMs - nowMs) / 86_400_000));
    expect(days).toEqual([1, 2, 3]);
  }
});

test("tonight is tonight where the show is", async () => {
  const at = (localDate: string, localTime: string, timeZone: string, startsAt: string) =>
    showDocument({
      title: `${localDate} ${timeZone}`,
      city: "Days",
      startsAtMs: Date.parse(startsAt),
      ...{ localDate, localTime, timeZone },
    });
  await mine.put([
    at("2099-11-27", "20:00", "Europe/London", "2099-11-27T20:00:00Z"),
    at("2099-11-27", "22:30", "Asia/Tokyo", "2099-11-27T13:30:00Z"),
    at("2099-11-28", "01:00", "Asia/Tokyo", "2099-11-27T16:00:00Z"),
    at("2099-11-27", "15:00", "America/New_York", "2099-11-27T20:00:00Z"),
    at("2099-11-29", "20:00", "America/New_York", "2099-11-30T01:00:00Z"),
    at("2099-11-30", "08:00", "Asia/Tokyo", "2099-11-29T23:00:00Z"),
  ]);
  const on = async (day: ShowSearch["day"]) => titlesOf(await search({ city: "days", day }));
  expect(await on("tonight")).toEqual(["2099-11-27 Asia/Tokyo", "2099-11-27 Europe/London"]);
  expect(await on("today")).toHaveLength(3);
  expect(await on("tomorrow")).toEqual(["2099-11-28 Asia/Tokyo"]);
  expect(await on("this-weekend")).toEqual([
    "2099-11-27 Asia/Tokyo",
    "2099-11-28 Asia/Tokyo",
    "2099-11-27 Europe/London",
    "2099-11-29 America/New_York",
  ]);
  const spoken = await search({ city: "days", text: "tonight" });
  expect(spoken.total).toBe(2);
});

test("a title with a word for a day in it is found by it", async () => {
  await mine.put([showDocument({ title: "Come Back Tomorrow" })]);
  expect(titlesOf(await search({ text: "come back tomorrow" }))[0]).toBe("Come Back Tomorrow");
});

test("a price is of one currency, and a show is in its range if its prices touch it", async () => {
  const city = "Prices";
  const cheap = { priceFromMinor: 500, priceToMinor: 900, title: "cheap" };
  const wide = { priceFromMinor: 800, priceToMinor: 5_000, title: "wide" };
  await mine.put([
    showDocument({ city, ...cheap }),
    showDocument({ city, ...wide }),
    showDocument({ city, ...cheap, title: "yen", currency: "JPY" }),
  ]);
  const within = async (fromMinor?: number, toMinor?: number) =>
    titlesOf(await search({ city, sort: "price", price: { fromMinor, toMinor, currency: "EUR" } }));
  expect(await within()).toEqual(["cheap", "wide"]);
  expect(await within(1_000, 2_000)).toEqual(["wide"]);
  expect(await within(undefined, 799)).toEqual(["cheap"]);
  expect(await within(6_000)).toEqual([]);
  expect(titlesOf(await search({ city, sort: "price" }))).toEqual(["cheap", "wide", "yen"]);
});

test("of shows that the words fit alike, the nearer, sooner, more popular and still available come first", async () => {
  const base = { city: "Ranks", latitude: 50, longitude: 5, startsAtMs: nowMs + 86_400_000 };
  const first = async (text: string, query: Partial<ShowSearch> = {}) =>
    titlesOf(await search({ text, ...query }))[0];
  await mine.put([
    showDocument({ ...base, title: "Rankdistance far", latitude: 50.3 }),
    showDocument({ ...base, title: "Rankdistance near" }),
    showDocument({ ...base, title: "Ranktime late", startsAtMs: nowMs + 20 * 86_400_000 }),
    showDocument({ ...base, title: "Ranktime soon" }),
    showDocument({ ...base, title: "Ranksold few", soldPercent: 5 }),
    showDocument({ ...base, title: "Ranksold many", soldPercent: 80 }),
    showDocument({ ...base, title: "Rankleft none", availability: "sold_out" }),
    showDocument({ ...base, title: "Rankleft some", startsAtMs: nowMs + 2 * 86_400_000 }),
  ]);
  const near = { latitude: 50, longitude: 5, radiusKm: 100 };
  expect(await first("rankdistance", { near })).toBe("Rankdistance near");
  expect(await first("ranktime")).toBe("Ranktime soon");
  expect(await first("ranksold")).toBe("Ranksold many");
  expect(await first("rankleft")).toBe("Rankleft some");
  expect(titlesOf(await search({ text: "rankleft", availability: "sold_out" }))).toEqual([
    "Rankleft none",
  ]);
});

test("where nothing is, the nearest thing is offered: without the days, without the place, without a word; and it is said", async () => {
  const city = "Nearest";
  await mine.put(series("Lighthouse Keeper", 3, { city, localDate: "2099-12-24" }));
  const nothing = { fromDate: "2101-01-01", toDate: "2101-01-02" };
  const withoutDate = await search({ city, text: "lighthouse", ...nothing, limit: 2 });
  expect(withoutDate).toMatchObject({ total: 3, relaxed: [{ dropped: "date" }] });
  const elsewhere = await search({ city: "Nowhere", text: "lighthouse", ...nothing });
  expect(elsewhere).toMatchObject({
    total: 3,
    relaxed: [{ dropped: "date" }, { dropped: "place" }],
  });
  const word = await search({ city, text: "lighthouse zzyzx" });
  expect(word).toMatchObject({
    total: 3,
    relaxed: [{ dropped: "place" }, { dropped: "word", word: "zzyzx" }],
  });
  // Both words are known: the one that more shows have goes.
  await mine.put(series("Keeper of nothing", 5, { city: "Elsewhere" }));
  await mine.put(series("Submarine", 1, { city: "Elsewhere" }));
  const common = await search({ text: "submarine keeper" });
  expect(common).toMatchObject({ relaxed: [{ dropped: "word", word: "keeper" }] });
  expect(titlesOf(common)).toEqual(["Submarine"]);
  // What was dropped stays dropped on the next page.
  const next = await search({
    city,
    text: "lighthouse",
    ...nothing,
    limit: 2,
    cursor: withoutDate.nextCursor,
  });
  expect(next.shows).toHaveLength(1);
  expect(next.relaxed).toEqual([{ dropped: "date" }]);
  expect(await search({ text: "zzyzx" })).toEqual({
    shows: [],
    total: 0,
    facets: expect.anything(),
  });
});

test("signs alone find nothing, and signs of a query language are only signs", async () => {
  await mine.put([showDocument({ title: "Question Mark" })]);
  for (const text of ["*", "?!", "~~~", '""']) {
    expect(await search({ text })).toMatchObject({ total: 0 });
  }
  const injected = [
    'title:* OR "question" AND (mark',
    "question~5 mark^99",
    "_exists_:show question mark",
  ];
  for (const text of injected) await expect(search({ text })).resolves.toBeDefined();
  expect(titlesOf(await search({ text: "+question -mark" }))).toEqual(["Question Mark"]);
});

test("a show is found with the poster of its title; one that was indexed before there were posters has none", async () => {
  const poster = { hash: "6d1f0a5c2b7e4d3f9a8b1c0d2e3f4a5b", width: 200, height: 300 };
  const { poster: _, ...before } = showDocument({ title: "Placarded" });
  await mine.put([showDocument({ title: "Placarded", poster }), before as ShowDocument]);
  const { shows } = await search({ text: "placarded" });
  const told = shows.map((show) => toShowSummary(show).poster);
  const url = `/v1/posters/${poster.hash}`;
  expect(told).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining([null, { url, width: 200, height: 300 }]));
});
