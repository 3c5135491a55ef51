import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createLogger } from "../../platform/logger.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import type { Storefront } from "./storefront/load-storefront.ts";
import { loadStorefront } from "./storefront/load-storefront.ts";

const browser = {
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "accept-language": "de-AT,de;q=0.9",
};
const page = "text/html; charset=UTF-8";
const problem = "application/problem+json";

let storefront: Storefront | undefined;
let edge: Edge;
beforeAll(async () => {
  storefront = await loadStorefront(createLogger("problem-test", "silent"));
  edge = await createEdge({}, { storefront });
}, 60_000);
afterAll(() => edge.close(), 30_000);

test.each<[string, string, string, Record<string, string>, number, string]>([
  ["a browser at an unknown address", "GET", "/nowhere", browser, 404, page],
  ["a browser below one", "GET", "/nowhere/at/all?x=1", browser, 404, page],
  ["a browser with a form where none is taken", "POST", "/titles/x", browser, 405, page],
  ["a browser at an address for programs", "GET", "/v1/nowhere", browser, 404, problem],
  ["a browser at a program's address", "GET", "/v1/titles/no", browser, 400, problem],
  ["a program", "GET", "/nowhere", { accept: "application/json" }, 404, problem],
  ["a program that takes everything", "GET", "/nowhere", { accept: "*/*" }, 404, problem],
  ["a program that likes pages less", "GET", "/x", { accept: "*/*, text/html" }, 404, problem],
  ["who says nothing", "GET", "/nowhere", {}, 404, problem],
])("%s is answered in its way", async (_, method, path, headers, status, type) => {
  const answer = await edge.send(method, path, { headers });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("allow")).toBe(status === 405 ? "GET" : null);
});

test("the page of an unknown address speaks the reader's language, and has a search on it", async () => {
  const { text, headers } = await edge.send("GET", "/nowhere?q=x", { headers: browser });
  expect(text).toContain('<html lang="de">');
  expect(text).toContain("Diese Seite gibt es nicht");
  expect(text).toMatch(/<form[^>]* action="\/search"/);
  expect(text).toContain('<meta name="robots" content="noindex"');
  expect(headers.get("content-security-policy")).toContain("script-src 'self'");
});

test("who sends too much from a page is told so by a page", async () => {
  const raw = "x".repeat(70_000);
  const { status, headers, text } = await edge.send("POST", "/nowhere", { headers: browser, raw });
  expect([status, headers.get("content-type")]).toEqual([413, page]);
  expect(text).toContain("BODY_TOO_LARGE");
});

test("who is turned away at the door reads a page that leads back to where they are; programs are told by a code", async () => {
  const room = { atOnceMax: 512 };
  const admissionLimits = {
    buying: room,
    joining: {
      ...{ atOnceMax: 8, groupAtOnceMax: 8, waitingMax: 8, groupWaitingMax: 8 },
      waitMsMax: 5_000,
    },
    asking: room,
    browsing: { atOnceMax: 0 },
    provider: room,
  };
  const full = await createEdge({}, { storefront, admissionLimits });
  try {
    for (const path of ["/", "/titles/ti_x", "/nowhere"]) {
      const { status, headers, text } = await full.send("GET", path, { headers: browser });
      expect([path, status, headers.get("content-type")]).toEqual([path, 503, page]);
      expect([headers.get("cache-control"), headers.get("retry-after")]).toEqual([
        ...["no-store", expect.stringMatching(/^\d+$/)],
      ]);
      expect(text).toContain('<html lang="de">');
      expect(text).toMatch(/<a class="act" href(="")?>/);
      expect(text).toContain('href="?lang=en"');
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    const told = await full.send("GET", "/v1/titles/ti_x", { headers: browser });
    expect([told.status, told.body.code]).toEqual([503, "BUSY"]);
    expect((await full.send("GET", "/")).body.code).toBe("BUSY");
  } finally {
    await full.close();
  }
});
