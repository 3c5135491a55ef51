import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../../adapters/postgres/catalogue.ts";
import { showIds, titleIds } from "../../domain/ids.ts";
import { createLogger } from "../../platform/logger.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow, plantShowLike } from "../../tests/plant-show.ts";
import { loadStorefront } from "./storefront/load-storefront.ts";

let edge: Edge;
let paths: Record<string, string>;

beforeAll(async () => {
  const storefront = await loadStorefront(createLogger("packed-test", "silent"));
  edge = await createEdge({}, { storefront });
  const { pool } = edge.database;
  const showId = await plantShow(pool, { seats: 100 });
  for (let more = 1; more < 5; more += 1) await plantShowLike(pool, showId);
  const show = await getShow(pool, showId);
  const title = titleIds.encode(show?.title.titleId ?? "");
  const files = storefront?.files;
  paths = {
    ...{ title: `/v1/titles/${title}`, page: `/titles/${title}`, show: showIds.encode(showId) },
    ...{ layout: `/v1/layouts/${show?.layoutHash}`, script: files?.entry ?? "" },
  };
}, 60_000);
afterAll(() => edge.close(), 30_000);

async function ask(path: string, headers: Record<string, string> = {}) {
  const response = await edge.app.request(path, { headers });
  const told = Object.fromEntries(response.headers) as Record<string, string | undefined>;
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, told, bytes, coding: told["content-encoding"] };
}

test.each<[string, () => string]>([
  ["a title that is kept", () => paths["title"] ?? ""],
  ["a page that is kept", () => paths["page"] ?? ""],
  ["the seats of a hall", () => paths["layout"] ?? ""],
  ["a page that is drawn for each", () => "/search?q=test"],
  ["a search", () => "/v1/search?q=test"],
  ["a page for whoever is signed in", () => "/bookings"],
  ["the reference", () => "/openapi.json"],
  ["a script", () => paths["script"] ?? ""],
  ["the script of the reference", () => "/docs/assets/swagger-ui.js"],
])("%s is half as large for who can unpack it, and the same", async (_, path) => {
  const plain = await ask(path());
  const packed = await ask(path(), { "accept-encoding": "gzip, deflate" });
  expect([plain.status, plain.coding, packed.status, packed.coding]).toEqual([
    ...[200, undefined, 200, "gzip"],
  ]);
  expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
  expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
  for (const { told } of [plain, packed]) {
    expect(told["vary"]?.toLowerCase()).toContain("accept-encoding");
  }
});

test("both have a tag, each is known by either, and it costs no body", async () => {
  const gzip = { "accept-encoding": "gzip" };
  for (const name of ["title", "page", "layout", "script"]) {
    const path = paths[name] ?? "";
    const [plain, packed] = [await ask(path), await ask(path, gzip)];
    expect([name, packed.told["etag"]]).toEqual([name, `W/${plain.told["etag"]}`]);
    for (const known of [plain, packed].map(({ told }) => told["etag"] ?? "none")) {
      for (const headers of [{}, gzip]) {
        const again = await ask(path, { ...headers, "if-none-match": known });
        expect([name, again.status, again.bytes.length]).toEqual([name, 304, 0]);
      }
    }
    expect((await ask(path, { ...gzip, "if-none-match": '"another"' })).status).toBe(200);
  }
});

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["br;q=0.1, gzip", "br"],
  ["br;q=0, gzip;q=0.5", "gzip"],
  ["GZIP", "gzip"],
  ["gzip;q=0", undefined],
  ["gzip;q=0.0, br;q=0", undefined],
  ["gzipped, xbr, *", undefined],
  ["identity", undefined],
  ["", undefined],
])("who accepts %p gets a script in %p", async (accepted, coding) => {
  const script = await ask(paths["script"] ?? "", { "accept-encoding": accepted });
  expect([script.status, script.coding]).toEqual([200, coding]);
  const plain = await ask(paths["script"] ?? "");
  const unpacked = coding === "br" ? brotliDecompressSync(script.bytes) : script.bytes;
  const text = coding === "gzip" ? gunzipSync(script.bytes) : unpacked;
  expect(text.equals(plain.bytes)).toBe(true);
});

test("what is of one person, what says no and what is small goes out as it is", async () => {
  const { headers } = await edge.signIn();
  const all = { ...headers, "accept-encoding": "gzip, br" };
  const show = `/v1/shows/${paths["show"]}`;
  for (const path of [
    ...["/v1/bookings", "/v1/me", "/desk/sign-in", `/shows/${paths["show"]}/line`],
    ...["/v1/titles/ti_x", "/titles/ti_x", "/v1/search?limit=x", "/nowhere", "/assets/icon.svg"],
    ...[show, `${show}/seats?format=bitmap`],
  ]) {
    expect([path, (await ask(path, all)).coding]).toEqual([path, undefined]);
  }
});

test("seat changes are not packed: the first is there while the stream is open", async () => {
  const leaving = new AbortController();
  const response = await fetch(`${await edge.listen()}/v1/shows/${paths["show"]}/seats/stream`, {
    headers: { "accept-encoding": "gzip, br" },
    signal: leaving.signal,
  });
  expect([response.status, response.headers.get("content-encoding")]).toEqual([200, null]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("event: snapshot");
  leaving.abort();
});

test("a browser unpacks it by itself, on the way that answers take", async () => {
  const home = await edge.listen();
  for (const path of [paths["title"], paths["page"], paths["script"], "/search?q=test"]) {
    const response = await fetch(`${home}${path}`, { headers: { "accept-encoding": "gzip, br" } });
    expect([path, response.headers.get("content-encoding")]).toEqual([
      path,
      expect.stringMatching(/^(gzip|br)$/),
    ]);
    const plain = await ask(path ?? "");
    expect(await response.text()).toBe(plain.bytes.toString());
  }
});
