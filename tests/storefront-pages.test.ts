import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../adapters/postgres/catalogue.ts";
import { loadStorefront } from "../api/http/storefront/load-storefront.ts";
import { titleIds } from "../domain/ids.ts";
import { createLogger } from "../platform/logger.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { plantShow } from "./plant-show.ts";

let edge: Edge;
let title: string;
beforeAll(async () => {
  const storefront = await loadStorefront(createLogger("storefront-test", "silent"));
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
  expect(headers.get("vary")).toBe("accept-language, cookie");
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

test("a language that is chosen by a link is remembered, and that answer is for nobody else", async () => {
  const { headers, text } = await edge.send("GET", `${title}?lang=de`);
  expect(text).toContain('<html lang="de">');
  expect(headers.get("set-cookie")).toBe(
    "lang=de; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax",
  );
  expect(headers.get("cache-control")).toBe("no-store");
});

test("pages run no script but ours", async () => {
  const { headers, text } = await edge.send("GET", title);
  expect(headers.get("content-security-policy")).toContain("script-src 'self';");
  const scripts = [...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
  expect(scripts.filter((tag) => !/type="application\/json"|src="\/assets\//.test(tag))).toEqual(
    [],
  );
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

test("what is not there is a page, too, and kept by nobody", async () => {
  const { status, headers, text } = await edge.send("GET", "/titles/ti_unknown?lang=de");
  expect(status).toBe(404);
  expect(text).toContain("Diese Seite gibt es nicht");
  expect(headers.get("cache-control")).toBe("no-store");
});
