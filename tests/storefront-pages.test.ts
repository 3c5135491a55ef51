import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../adapters/postgres/catalogue.ts";
import { loadStorefront } from "../api/http/storefront/load-storefront.ts";
import type { Storefront } from "../api/http/storefront/load-storefront.ts";
import { showIds, titleIds } from "../domain/ids.ts";
import { createLogger } from "../platform/logger.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { plantLine } from "./plant-line.ts";
import { plantChannel } from "./plant-seat-rules.ts";
import { nameTitle, plantShow } from "./plant-show.ts";

const silent = createLogger("storefront-test", "silent");

let edge: Edge;
let title: string;
beforeAll(async () => {
  const storefront = await loadStorefront(silent);
  edge = await createEdge({}, { storefront });
  const show = await getShow(edge.database.pool, await plantShow(edge.database.pool));
  title = `/titles/${titleIds.encode(show?.title.titleId ?? "")}`;
}, 60_000);
afterAll(() => edge.close(), 30_000);

test("a page is for everybody who reads its language, for as long as the answers of /v1 are", async () => {
  const { status, headers, text } = await edge.send("GET", title);
  expect(status).toBe(200);
  expect(text).toContain('<html lang="en">');
  expect(headers.get("cache-control")).toMatch(/^public, max-age=10,/);
  expect(headers.get("vary")).toBe("accept-encoding, accept-language, cookie");
  expect(headers.get("set-cookie")).toBeNull();
});

test("each reader gets their own language, also while the other one is kept", async () => {
  for (const [language, asked] of [
    ["de", { "accept-language": "de-CH" }],
    ["en", { "accept-language": "fr" }],
    ["de", { cookie: "lang=de" }],
  ] as const) {
    const { text } = await edge.send("GET", title, { headers: asked });
    expect(text).toContain(`<html lang="${language}">`);
  }
});

test("a crowd at the home page has it drawn once in each language, and nobody sees another's address", async () => {
  const storefront = await loadStorefront(silent);
  if (storefront === undefined) throw new Error("The pages are not built");
  let drawn = 0;
  const counted: Storefront = {
    ...storefront,
    renderPage(...page) {
      drawn += 1;
      return storefront.renderPage(...page);
    },
  };
  const crowded = await createEdge({}, { storefront: counted });
  try {
    const asked = Array.from({ length: 20 }, (_, index) =>
      crowded.send("GET", index % 2 === 0 ? `/?from=person${index}` : "/", {
        headers: { "accept-language": index % 3 === 0 ? "de" : "en" },
      }),
    );
    const texts = (await Promise.all(asked)).map(({ text }) => text);
    expect(drawn).toBe(2);
    expect(texts.filter((text) => text.includes("person"))).toEqual([]);
    await crowded.send("GET", "/?city=London&utm_source=a");
    await crowded.send("GET", "/?utm_source=b&city=London");
    expect(drawn).toBe(3);
    const { text } = await crowded.send("GET", `${title}?from=person1`);
    expect(text).not.toContain("person1");
  } finally {
    await crowded.close();
  }
});

test("a language that is chosen by a link is remembered, and that answer is for nobody else", async () => {
  const { headers, text } = await edge.send("GET", `${title}?lang=de`);
  expect(text).toContain('<html lang="de">');
  expect(headers.get("set-cookie")).toBe(
    "lang=de; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax",
  );
  expect(headers.get("cache-control")).toBe("no-store");
});

test.each<[string, string, (show: string) => Promise<unknown>, { hasSeats: boolean }]>([
  ["on sale", "Choose your seats", async () => undefined, { hasSeats: true }],
  [
    "not on sale yet",
    "The sale opens on",
    (show) => change(show, "sales_open_at = now() + interval '1 day'"),
    { hasSeats: false },
  ],
  [
    "in a presale alone",
    "Whoever has the code can choose below",
    (show) => sellToFans(show),
    { hasSeats: true },
  ],
  [
    "in a presale that has all of its seats",
    "Whoever has the code can choose below",
    (show) =>
      sellToFans(
        show,
        Array.from({ length: 10 }, (_, index) => `A${index + 1}`),
      ),
    { hasSeats: true },
  ],
  [
    "cancelled",
    "This show is cancelled",
    (show) => change(show, "status = 'cancelled'"),
    {
      hasSeats: false,
    },
  ],
  [
    "over",
    "This show is over",
    (show) => change(show, "starts_at = now() - interval '1 hour'"),
    { hasSeats: false },
  ],
  [
    "not sold online any more",
    "Tickets are not sold online any more",
    (show) => change(show, "sales_close_at = now() - interval '1 hour'"),
    { hasSeats: false },
  ],
  ["sold out", "Sold out at the moment", sellOut, { hasSeats: true }],
  ["behind a line", "Stand in line", standInLine, { hasSeats: true }],
])("the page of a show that is %s says so", async (_, words, happen, { hasSeats }) => {
  const show = await plantShow(edge.database.pool);
  await happen(show);
  const { status, text } = await edge.send("GET", `/shows/${showIds.encode(show)}`);
  expect({ status, text }).toEqual({ status: 200, text: expect.stringContaining(words) });
  expect(text.includes('data-island="seat-picker"')).toBe(hasSeats);
});

test("without a script a show's page says what is free in each section, at which price with its fee", async () => {
  const show = await plantShow(edge.database.pool, { seats: 3, places: 40 });
  await edge.database.pool.query(
    "update show_seats set status = 'blocked' where show_id = $1 and seat_id = 'A1'",
    [show],
  );
  const { text } = await edge.send("GET", `/shows/${showIds.encode(show)}`);
  const rows = [...text.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row = ""]) =>
    row
      .replaceAll(/<[^>]+>/g, "|")
      .replaceAll(/[|\s]+/g, " ")
      .trim(),
  );
  expect(rows).toEqual([
    "Section Price Free",
    "Stalls £11 Standard 2",
    "Standing floor £5.50 Standing 40",
  ]);
});

test("no text of the catalogue ends a script or begins one", async () => {
  const show = await plantShow(edge.database.pool);
  await nameTitle(edge.database.pool, show, "</script><script>alert(1)</script><!--");
  await edge.database.pool.query("update show_prices set name = $2 where show_id = $1", [
    show,
    "</script><script>alert(2)</script><!--",
  ]);
  const { text } = await edge.send("GET", `/shows/${showIds.encode(show)}`);
  expect(text).not.toContain("<script>");
  const [, props = ""] = /data-island="seat-picker"><script[^>]*>(.*?)<\/script>/.exec(text) ?? [];
  expect(JSON.parse(props)).toMatchObject({
    prices: [{ name: "</script><script>alert(2)</script><!--" }],
  });
});

test("pages run no script but ours", async () => {
  const { headers, text } = await edge.send("GET", title);
  expect(headers.get("content-security-policy")).toContain("script-src 'self';");
  const scripts = [...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  expect(
    scripts.filter((tag) => !/type="application\/(ld\+)?json"|src="\/assets\//.test(tag)),
  ).toEqual([]);
  expect(text).not.toMatch(/ style=| on[a-z]+=/);
});

test("what pages load is named after its content and may be kept for ever", async () => {
  const { text } = await edge.send("GET", title);
  const files = [...text.matchAll(/(?:src|href)="(\/assets\/storefront\/[^"]+)"/g)].map(
    ([, file = ""]) => file,
  );
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const { status, headers } = await edge.send("GET", file);
    expect({ file, status }).toEqual({ file, status: 200 });
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
});

test("a show's page says to machines what it is, with what it costs", async () => {
  const show = await plantShow(edge.database.pool, { seats: 3, places: 40 });
  const path = `/shows/${showIds.encode(show)}`;
  const { text } = await edge.send("GET", path);
  const [, described = ""] = /ld\+json">(.*?)<\/script>/.exec(text) ?? [];
  expect(JSON.parse(described)).toMatchObject({
    "@type": "Event",
    name: "Test title",
    url: `https://tickets.test${path}`,
    location: { name: "Test venue", address: { addressLocality: "London", addressCountry: "GB" } },
    offers: { lowPrice: "5.50", highPrice: "11.00", priceCurrency: "GBP" },
  });
  expect(text).toContain(`<link rel="canonical" href="https://tickets.test${path}"`);
});

test("while the search index is away the home page says what PostgreSQL knows, and cities are typed", async () => {
  await plantShow(edge.database.pool);
  const { status, text } = await edge.send("GET", "/?city=London");
  expect(status).toBe(200);
  expect(text).toContain("What is on in London");
  expect(text).toContain("Test title");
  expect(text).toMatch(/<input name="city"/);
});

test("what an address says wrongly is left out, and the rest is looked for", async () => {
  const { status, text } = await edge.send("GET", "/?date=soon&city=London&limit=9999&x=%00");
  expect(status).toBe(200);
  expect(text).toContain("What is on in London");
});

test.each(["xyz", "c.xyz", "x".repeat(9_000)])(
  "a further page of a search that is there no more, %#, is the first one",
  async (cursor) => {
    for (const path of ["/", "/search"]) {
      const { status, text } = await edge.send("GET", `${path}?city=London&cursor=${cursor}`);
      expect([path, status]).toEqual([path, 200]);
      expect(text).toContain("Test title");
      expect(text).toContain("London");
    }
  },
);

test("while PostgreSQL is away a page that nobody knows says that it will be back", async () => {
  const gone = Object.assign(new Error("gone"), { code: "ECONNREFUSED" });
  const away = await createEdge(
    { readingDb: { query: () => Promise.reject(gone) } },
    { storefront: await loadStorefront(silent) },
  );
  try {
    const { status, headers, text } = await away.send("GET", title);
    expect(status).toBe(503);
    expect(text).toContain("Try again in a minute");
    expect(headers.get("retry-after")).toBe("1");
    expect(headers.get("cache-control")).toBe("no-store");
  } finally {
    await away.close();
  }
});

test("where nobody has built the pages that is said, and /v1 answers all the same", async () => {
  const said: unknown[] = [];
  const logger = { error: (...all: unknown[]) => void said.push(all[1]) };
  const none = await loadStorefront(logger, new URL("nothing/", import.meta.url));
  expect(none).toBeUndefined();
  expect(said).toEqual([expect.stringContaining("local/build-storefront.ts")]);
  const edgeWithout = await createEdge({}, { storefront: none });
  try {
    expect((await edgeWithout.send("GET", "/v1/search")).status).toBe(200);
    expect((await edgeWithout.send("GET", title)).status).toBe(404);
  } finally {
    await edgeWithout.close();
  }
});

test("what is not there is a page, too, and kept by nobody", async () => {
  const { status, headers, text } = await edge.send("GET", "/titles/ti_unknown?lang=de");
  expect(status).toBe(404);
  expect(text).toContain("Diese Seite gibt es nicht");
  expect(headers.get("cache-control")).toBe("no-store");
});

async function change(show: string, what: string): Promise<void> {
  await edge.database.pool.query(`update shows set ${what} where show_id = $1`, [show]);
}

async function sellToFans(show: string, seatIds = ["A1"]): Promise<void> {
  await change(show, "sales_open_at = now() + interval '1 day'");
  const plan = { channel: "fans", seatIds, code: "FANS2026", opensIn: -60 };
  await plantChannel(edge.database.pool, show, plan);
}

async function sellOut(show: string): Promise<void> {
  await edge.database.pool.query("update show_seats set status = 'blocked' where show_id = $1", [
    show,
  ]);
}

async function standInLine(show: string): Promise<void> {
  await plantLine(edge.database.pool, show);
  await eventually(async () => edge.lines.of(show) !== undefined);
}
