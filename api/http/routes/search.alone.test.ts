import { request } from "node:http";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { searchBody } from "../../../adapters/elasticsearch/search-body.ts";
import { createEdge } from "../../../tests/edge.ts";
import type { Edge } from "../../../tests/edge.ts";
import { plantShow } from "../../../tests/plant-show.ts";
import { createTestIndex } from "../../../tests/test-index.ts";
import type { TestIndex } from "../../../tests/test-index.ts";
import { showDocument } from "../../../tests/show-document.ts";

// Search as clients meet it: real HTTP, with the index, and with PostgreSQL in its place.

let index: TestIndex;
let edge: Edge;
let degraded: Edge;
beforeAll(async () => {
  index = await createTestIndex();
  edge = await createEdge({ index: index.index });
  degraded = await createEdge();
  await plantShow(degraded.database.pool);
  await index.put([
    showDocument({ title: "L'été <b>indien</b>", people: ["Amélie Dupont"], city: "Paris" }),
    showDocument({ title: "Indian Summer", city: "London", availability: "few" }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([edge.close(), degraded.close(), index.close()]);
}, 30_000);

type Answer = { status: number; body: Record<string, unknown>; ms: number };

async function ask(path: string, where = edge): Promise<Answer> {
  const { hostname, port } = new URL(await where.listen());
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const ms = performance.now() - startedAt;
        const text = Buffer.concat(chunks).toString();
        const body = JSON.parse(text === "" ? "{}" : text) as Answer["body"];
        resolve({ status: incoming.statusCode ?? 0, body, ms });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

test("what was looked for is marked in plain text, and markup stays text", async () => {
  const { body } = await ask("/v1/search?q=ete+amelie");
  expect(body["shows"]).toMatchObject([
    {
      title: "L'été <b>indien</b>",
      highlights: {
        title: [
          { text: "L'été", marked: true },
          { text: " <b>indien</b>", marked: false },
        ],
        people: [
          [
            { text: "Amélie", marked: true },
            { text: " Dupont", marked: false },
          ],
        ],
      },
    },
  ]);
});

test("by title, with facets of the rest, availability and what was relaxed", async () => {
  const { body } = await ask("/v1/search?q=indian+summer&group=title&availability=few");
  expect(body).toMatchObject({
    shows: [],
    titles: [{ title: "Indian Summer", showsTotal: 1, shows: [{ city: "London" }] }],
    total: 1,
    facets: { availability: [{ value: "few", count: 1 }] },
    degraded: false,
  });
  const nearest = await ask("/v1/search?q=indian+summer&date=tonight&city=Atlantis");
  expect(nearest.body).toMatchObject({
    total: 1,
    relaxed: [{ dropped: "date" }, { dropped: "place" }],
  });
});

const long = "x".repeat(1_000_000);
const cursor = (value: unknown) => `i.${Buffer.from(JSON.stringify(value)).toString("base64url")}`;
const bad: [string, string, string][] = [
  ["a megabyte", `q=${long}`, "HEAD_TOO_LARGE"],
  ["201 characters", `q=${"x".repeat(201)}`, "REQUEST_INVALID"],
  ["a deep cursor", `cursor=i.${"W1tb".repeat(1_900)}`, "CURSOR_INVALID"],
  ["a cursor too long", `cursor=i.${"x".repeat(8_001)}`, "REQUEST_INVALID"],
  ["a cursor with a script", `cursor=${cursor([{ script: "while (true)" }])}`, "CURSOR_INVALID"],
  ["a cursor of objects", `cursor=${cursor(["x", Date.now(), [{}], [{}]])}`, "CURSOR_INVALID"],
  ["a cursor of nobody", "cursor=x.abc", "CURSOR_INVALID"],
  ["a day that is none", "date=2026-02-30", "REQUEST_INVALID"],
  ["a year that is none", "date=0000-01-01", "REQUEST_INVALID"],
  ["a word for no day", "date=someday", "REQUEST_INVALID"],
  ["date mathematics", "from=now-1d%2Fd", "REQUEST_INVALID"],
  ["an end before its beginning", "from=2027-01-02&to=2027-01-01", "REQUEST_INVALID"],
  ["two ways to say when", "date=today&from=2027-01-02", "REQUEST_INVALID"],
  ["a price of no currency", "priceTo=1000", "REQUEST_INVALID"],
  ["a price that is no number", "priceTo=1e400&currency=EUR", "REQUEST_INVALID"],
  ["a currency that is none", "priceTo=10&currency=euro", "REQUEST_INVALID"],
  ["distance from nowhere", "sort=distance", "REQUEST_INVALID"],
  ["a place off Earth", "near=91,0", "REQUEST_INVALID"],
  ["a place of many digits", `near=1.${"1".repeat(5_000)},2`, "REQUEST_INVALID"],
  ["an order that is none", "sort=_script", "REQUEST_INVALID"],
  ["a group that is none", "group=show.people", "REQUEST_INVALID"],
];

test.each(bad)(
  "%s is refused by its code, at once, whoever answers",
  async (_what, query, code) => {
    for (const where of [edge, degraded]) {
      // Each goes on with its own lists alone.
      const own = where === degraded ? query.replace("=i.", "=c.") : query;
      const { body, ms } = await quickest(`/v1/search?${own}`, where);
      expect(body["code"]).toBe(code);
      expect(ms).toBeLessThan(50);
    }
  },
);

/** Of three: another test may have the machine for a moment. */
async function quickest(path: string, where: Edge): Promise<Answer> {
  const answers = [await ask(path, where), await ask(path, where), await ask(path, where)];
  return answers.toSorted((one, other) => one.ms - other.ms)[0] as Answer;
}

const harmless = [
  "q=%00indian%07%1b[0m",
  "q=indian%E2%80%AEsummer",
  "q=%F0%9F%8E%AD",
  "q=%FF%FE",
  "q=%",
  "q=*:*",
  "q=title:indian+OR+status:cancelled",
  "q=indian~99",
  `q=${encodeURIComponent("/.*.*.*.*x/")}`,
  `q=${"%3F*".repeat(60)}`,
  `q=${encodeURIComponent('{"script_score":{"script":"while(true){}"}}')}`,
  `q=${encodeURIComponent("'; drop table shows; --")}`,
  `q=${encodeURIComponent("a ".repeat(100))}`,
  `q=${"a".repeat(200)}`,
  "city=%00&genre=%25_&language=%27",
  "city=%22%7D%7D&format=*",
  "date=2999-12-31",
  "near=90,180&radiusKm=500&q=a",
  "priceFrom=0&priceTo=1000000000000&currency=XXX",
  `cursor=${cursor(["AAAAAAAA", 1e15, [], [1, "x"]])}`.replace("cursor=", "unknown="),
];

test.each(harmless)("harmless, whoever answers: %s", async (query) => {
  for (const where of [edge, degraded]) {
    const { status, body } = await ask(`/v1/search?${query}`, where);
    // A filter of signs alone is none.
    const code = query.startsWith("city=%00") ? "REQUEST_INVALID" : undefined;
    expect({ status, code: body["code"] }).toEqual({
      status: code === undefined ? 200 : 400,
      code,
    });
    const typed = query.startsWith("q=") ? query : "q=in";
    const suggested = await ask(`/v1/suggest?${typed.slice(0, 102)}`, where);
    expect([200, 400]).toContain(suggested.status);
  }
});

test("a forged cursor that looks like one leads to another place of the list, and to nothing else", async () => {
  const { body } = await ask("/v1/search?limit=1");
  const [digest, nowMs] = JSON.parse(
    Buffer.from(String(body["nextCursor"]).slice(2), "base64url").toString(),
  ) as unknown[];
  const forged = (place: unknown, now: unknown = nowMs, relaxed: unknown = []) =>
    ask(`/v1/search?limit=1&cursor=${cursor([digest, now, relaxed, place])}`);
  const uuid = "00000000-0000-4000-8000-000000000000";
  expect((await forged([0, uuid])).status).toBe(200);
  const refused = [
    await forged([0.5, uuid]),
    await forged(["now", uuid]),
    await forged([0, uuid, uuid]),
    await forged([0, "x"]),
    await forged([0, uuid], Date.now() + 90_000_000_000),
    await forged([0, uuid], "now"),
    await forged([0, uuid], nowMs, [{ dropped: "filter" }]),
    await forged([0, uuid], nowMs, [{ dropped: "word", word: "x".repeat(300) }]),
    await forged({ showId: uuid }),
  ];
  expect(refused.map((answer) => answer.body["code"])).toEqual(refused.map(() => "CURSOR_INVALID"));
});

test("the simpler search of PostgreSQL looks at what it can, and says what it has not looked at", async () => {
  const find = async (query: string) => (await ask(`/v1/search?${query}`, degraded)).body;
  const all = await find("sort=relevance&group=title&q=test");
  expect(all).toMatchObject({ degraded: true, ignored: ["sort", "group"] });
  expect(all["shows"]).toMatchObject([
    { title: "Test title", highlights: { title: expect.anything() } },
  ]);
  const one = [
    "near=51.5,-0.1&radiusKm=1",
    "priceFrom=1100&priceTo=1100&currency=GBP",
    "language=EN",
    "from=2026-01-01&to=2999-12-31",
    "availability=available",
  ];
  const none = [
    "near=51.6,-0.1&radiusKm=5",
    // The other end of the Earth, where rounding leaves what an arc cosine takes.
    "near=-51.5,179.9&radiusKm=500",
    "priceFrom=1101&currency=GBP",
    "priceTo=9999&currency=EUR",
    "language=hi",
    "date=tonight",
    "q=test+tomorrow",
    "availability=sold_out",
  ];
  for (const query of one) expect((await find(query))["shows"]).toHaveLength(1);
  for (const query of none) expect((await find(query))["shows"]).toHaveLength(0);
});

test("a body for Elasticsearch holds nothing of the text but words", () => {
  const text = '"}}],"script":{"source":"x"} matrix* ~5 (a OR b)';
  const { query } = searchBody({ text, limit: 1 }, { nowMs: 0, relaxed: [] });
  expect(JSON.stringify(query)).not.toMatch(/[*~()]|"(script|query_string|wildcard|regexp)":/);
});
