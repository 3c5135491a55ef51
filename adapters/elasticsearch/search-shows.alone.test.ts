import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { ShowDocument } from "../../domain/events.ts";
import { freePort } from "../../tests/free-port.ts";
import { showDocument as show } from "../../tests/show-document.ts";
import { serverAddress } from "../../tests/server-address.ts";
import { createElastic } from "./create-elastic.ts";
import { createSearchIndex } from "./create-search-index.ts";
import { putShows } from "./put-shows.ts";
import { ensureShowIndex } from "./show-index.ts";

const url = serverAddress("ELASTICSEARCH_URL");
const alias = `test-${randomUUID()}`;
const elastic = createElastic({ url, requestMsMax: 30_000 });
const index = createSearchIndex({ url, alias });

const amelie = show({
  title: "Le Fabuleux Destin d'Amélie Poulain",
  city: "Paris",
  genre: "comedy",
});
const hindi = show({ title: "कहानी", city: "Mumbai", genre: "drama" });
const matrix = show({ title: "The Matrix", people: ["Keanu Reeves"], city: "London" });
const others = Array.from({ length: 7 }, (_, number) =>
  show({ title: `Other ${number}`, city: "Zürich", genre: "opera", startsAtMs: matrix.startsAtMs }),
);

beforeAll(async () => {
  await ensureShowIndex(elastic, alias);
  await put([amelie, hindi, matrix, ...others]);
});
afterAll(async () => {
  await elastic.indices.delete({ index: await indicesOf(`${alias}-write`) });
  await Promise.all([elastic.close(), index.close()]);
});

test.each([
  ["without the accent", "amelie", amelie],
  ["with another accent", "àmelie", amelie],
  ["misspelt", "matirx", matrix],
  ["with the article", "destin d’amélie", amelie],
  ["half typed", "keanu ree", matrix],
  ["by city and title", "london matrix", matrix],
  ["in another script", "कहानी", hindi],
])("a show is found %s", async (_how, text, wanted) => {
  const { shows } = await index.search({ text, limit: 10 });
  expect(shows[0]).toEqual(wanted);
});

test("filters ignore case and accents, and a facet counts what all choices but its own leave", async () => {
  const found = await index.search({ city: "ZURICH", limit: 3 });
  expect(found.total).toBe(others.length);
  expect(found.facets?.["genre"]).toEqual([{ value: "opera", count: others.length }]);
  expect(found.facets?.["city"]).toHaveLength(4);
  const both = await index.search({ city: "zurich", genre: "opera", limit: 3 });
  expect(both.facets?.["city"]).toEqual([{ value: "Zürich", count: others.length }]);
  expect(both.facets?.["genre"]).toEqual([{ value: "opera", count: others.length }]);
});

test.each(["date", "price", "relevance"] as const)(
  "pages sorted by %s show each show once, none left out, although many are equal",
  async (sort) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await index.search({ text: "zurich", sort, cursor, limit: 3 });
      seen.push(...page.shows.map(({ showId }) => showId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(others.map(({ showId }) => showId).toSorted());
  },
);

test.each(["not a cursor", encode([1]), encode(["x", "y"]), encode([1, 2]), encode({ a: 1 })])(
  "a cursor that nobody was given is refused: %s",
  async (cursor) => {
    const asking = index.search({ cursor, limit: 3 });
    await expect(asking).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  },
);

test("shows near a place are found, and those far away are not", async () => {
  const near = { latitude: 10, longitude: 10, radiusKm: 20 };
  const here = show({ title: "Here", latitude: 10.05, longitude: 10.05 });
  await put([here]);
  const { shows } = await index.search({ near, sort: "distance", limit: 10 });
  expect(shows).toEqual([here]);
});

test("suggestions complete a title, each once", async () => {
  await put([{ ...matrix, showId: randomUUID() }]);
  const parts = [
    { text: "The ", marked: false },
    { text: "Matrix", marked: true },
  ];
  const { titleId } = matrix;
  expect(await index.suggest({ text: "mat", limit: 5 })).toEqual([
    { text: "The Matrix", kind: "title", titleId, parts },
  ]);
});

test("Elasticsearch away: SEARCH_UNAVAILABLE within a second", async () => {
  const away = createSearchIndex({ url: `http://127.0.0.1:${await freePort()}`, alias });
  // Reserved for documentation: packets to it are answered by nobody.
  const silent = createSearchIndex({ url: "http://192.0.2.1:9200", alias });
  const startedAt = performance.now();
  for (const gone of [away, silent]) {
    const asking = gone.search({ limit: 1 });
    await expect(asking).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    await gone.close();
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test.each([
  ["takes a request and never answers", ""],
  ["stops in the middle of its answer", "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"],
])("a server that %s: SEARCH_UNAVAILABLE well within a second", async (_what, answer) => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(answer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const deaf = createSearchIndex({ url: `http://127.0.0.1:${port}`, alias: "any" });
  const asks = [() => deaf.search({ limit: 1 }), () => deaf.suggest({ text: "a", limit: 1 })];
  for (const ask of asks) {
    const startedAt = performance.now();
    await expect(ask()).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    expect(performance.now() - startedAt).toBeLessThan(900);
  }
  await deaf.close();
  server.close();
});

test("no index yet: SEARCH_UNAVAILABLE", async () => {
  const none = createSearchIndex({ url, alias: `${alias}-none` });
  await expect(none.search({ limit: 1 })).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
  await none.close();
});

async function put(shows: ShowDocument[]): Promise<void> {
  await putShows(
    elastic,
    alias,
    shows.map((each) => ({ show: each, version: 1 })),
  );
  await refresh();
}

async function refresh(): Promise<void> {
  await elastic.indices.refresh({ index: alias });
}

async function indicesOf(name: string): Promise<string[]> {
  return Object.keys(await elastic.indices.getAlias({ name }));
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
