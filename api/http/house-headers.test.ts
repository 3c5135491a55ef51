import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { plantShow } from "../../tests/plant-show.ts";

let edge: Edge;
let address: string;
let show: string;
let headers: Record<string, string>;

beforeAll(async () => {
  edge = await createEdge();
  address = await edge.listen();
  show = `/v1/shows/${showIds.encode(await plantShow(edge.database.pool, { seats: 4 }))}`;
  ({ headers } = await edge.signIn());
}, 60_000);
afterAll(() => edge.close(), 30_000);

const house = {
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=15552000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
const closed = "default-src 'none'; frame-ancestors 'none'";

/** Kept answers have been made for many requests, and name none. */
const answers: [string, string, { status: number; isNamed?: boolean }][] = [
  ["a show", "", { status: 200, isNamed: false }],
  ["a show that is kept", "", { status: 200, isNamed: false }],
  ["a seat map", "/seats", { status: 200 }],
  ["a seat map in bits", "/seats?format=bitmap", { status: 200 }],
  ["what needs no token", "/best-available?quantity=1", { status: 200 }],
  ["an unknown show", "x", { status: 400 }],
  ["an unknown address", "/nothing", { status: 404 }],
];

test.each(answers)("%s: the headers of the house", async (_, path, { status, isNamed = true }) => {
  for (const method of ["GET", "HEAD"]) {
    const answer = await fetch(`${address}${show}${path}`, { method });
    expect(answer.status).toBe(status);
    const all = Object.fromEntries(answer.headers);
    expect(all).toMatchObject({ ...house, "content-security-policy": closed });
    expect("x-request-id" in all).toBe(isNamed || method === "HEAD");
  }
});

test("who has the answer already gets the headers as well", async () => {
  for (const path of ["", "/seats", "/seats?format=bitmap"]) {
    const first = await fetch(`${address}${show}${path}`);
    const etag = first.headers.get("etag") ?? "";
    const again = await fetch(`${address}${show}${path}`, { headers: { "if-none-match": etag } });
    const { status } = again;
    expect([path, status, again.headers.get("cache-control")]).toEqual([
      path,
      304,
      first.headers.get("cache-control"),
    ]);
    expect(again.headers.get("etag")).toBe(etag);
  }
});

test("a page says for itself what it needs, and gets the rest", async () => {
  for (const path of ["/tickets/tk_x", "/checkout/paid", "/docs", "/docs/errors"]) {
    const answer = await fetch(`${address}${path}`);
    const all = Object.fromEntries(answer.headers);
    expect(all).toMatchObject(house);
    expect(all).toMatchObject({
      "cross-origin-opener-policy": "same-origin",
      "origin-agent-cluster": "?1",
    });
    expect(all["content-security-policy"]).toContain("script-src 'self'");
  }
});

test("a request that names itself is answered under its name; a name that is none is replaced", async () => {
  const path = "/v1/bookings/bk_x";
  const named = async (name: string) => {
    const request = { headers: { ...headers, "x-request-id": name } };
    const { body, headers: answered } = await edge.send("GET", path, request);
    expect(body["requestId"]).toBe(answered.get("x-request-id"));
    return answered.get("x-request-id");
  };
  const own = randomUUID();
  expect(await named(own)).toBe(own);
  for (const wrong of ["a b", "x".repeat(256), "<script>", ""]) {
    expect(await named(wrong)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("every request is counted once, whether the app has seen it or an answer was kept", async () => {
  const count = async () => {
    const metrics = await (await fetch(`${address}/metrics`)).text();
    const line =
      /^marquee_http_request_seconds_count\{method="GET",route="\/v1\/shows\/:id",status="200"\} (\d+)$/m;
    return Number(line.exec(metrics)?.[1] ?? 0);
  };
  const before = await count();
  const crowd = Array.from({ length: 10 }, () => fetch(`${address}${show}`));
  for (const answer of await Promise.all(crowd)) expect(answer.status).toBe(200);
  expect(await count()).toBe(before + 10);
});
