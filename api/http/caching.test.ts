import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { getShow } from "../../adapters/postgres/catalogue.ts";
import { showIds, ticketIds, titleIds, venueIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantPoster } from "../../tests/plant-poster.ts";
import { plantShow } from "../../tests/plant-show.ts";

/** Every read that is for everybody, with the words of its `Surrogate-Key`. What is not here is for nobody's cache. */
const publicReads = {
  "/v1/search": ["search"],
  "/v1/suggest": ["search"],
  "/v1/shows/{id}": ["{show}", "{title}", "{venue}", "catalogue"],
  "/v1/titles/{id}": ["{title}", "catalogue"],
  "/v1/venues/{id}": ["{venue}", "catalogue"],
  "/v1/layouts/{hash}": ["layout-test-10", "layouts"],
  "/v1/posters/{hash}": ["poster-{poster}", "posters"],
  "/v1/shows/{id}/seats": ["{show}", "seats"],
  "/v1/shows/{id}/line": ["line"],
  "/v1/shows/{id}/line/draw": ["line"],
} as const;
/** A second old at most, and small: who asks again has the next one. */
const untagged = ["/v1/shows/{id}/line", "/v1/shows/{id}/line/draw"];

let edge: Edge;
let ids: Record<string, string>;
let buyer: Awaited<ReturnType<Edge["signIn"]>>;
let operator: typeof buyer;

beforeAll(async () => {
  edge = await createEdge();
  const showId = await plantShow(edge.database.pool);
  const show = await getShow(edge.database.pool, showId);
  if (show === undefined) throw new Error("Nothing was planted");
  buyer = await edge.signIn();
  operator = await edge.signIn(randomUUID(), ["operator"]);
  const { body } = await edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(showId), seatIds: ["A1"], userId: buyer.userId },
    headers: { ...buyer.headers, "idempotency-key": randomUUID() },
  });
  ids = {
    show: showIds.encode(showId),
    title: titleIds.encode(show.title.titleId),
    venue: venueIds.encode(show.venue.venueId),
    poster: await plantPoster(edge.database.pool),
    booking: String(body["bookingId"]),
    ticket: ticketIds.encode({ id: randomUUID(), showId }),
  };
  await plantLine(edge.database.pool, showId);
  await eventually(
    async () => (await edge.send("GET", `/v1/shows/${ids["show"]}/line`)).status === 200,
  );
}, 60_000);
afterAll(() => edge.close(), 30_000);

type Documented = { path: string; method: string; isSignedIn: boolean };

async function listDocumented(): Promise<Documented[]> {
  const { body } = await edge.send("GET", "/openapi.json");
  const paths = body["paths"] as Record<string, Record<string, { security?: unknown }>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({
      ...{ path, method: method.toUpperCase(), isSignedIn: security !== undefined },
    })),
  );
}

/** The address of something that is there, where we have planted it. */
function addressOf(path: string): string {
  const [, , kind = ""] = path.split("/");
  const id = ids[kind.replace(/s$/, "")] ?? ids["show"] ?? "";
  const query =
    path === "/v1/suggest" ? "?q=tes" : path.endsWith("/best-available") ? "?quantity=1" : "";
  return path.replace("{id}", id).replace("{hash}", hashOf(kind)) + query;
}

function hashOf(kind: string): string {
  return kind === "posters" ? (ids["poster"] ?? "") : "test-10";
}

async function ask({ path, method }: Pick<Documented, "path" | "method">, headers = {}) {
  // Without a server of its own there is nobody to stream to: as HEAD it is the same answer without an end.
  const actual = path.endsWith("/stream") ? "HEAD" : method;
  const isRead = actual === "GET" || actual === "HEAD";
  const address = addressOf(path);
  if (actual === "HEAD") return edge.lookInto(address, headers);
  return edge.send(actual, address, { headers, ...(!isRead && { json: {} }) });
}

function keysOf(words: readonly string[]): string {
  return words
    .map((word) => word.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? ""))
    .join(" ");
}

const cookies = { cookie: "desk=x; line-place-sh_x=y" };

test("every route of the reference is for every cache or for none: public reads say so, and nothing else does", async () => {
  const documented = await listDocumented();
  const faults: string[] = [];
  for (const route of documented) {
    const isPublic = route.method === "GET" && Object.hasOwn(publicReads, route.path);
    const { headers, status } = await ask(route, { ...buyer.headers, ...cookies });
    const caching = headers.get("cache-control") ?? "none";
    const keys = headers.get("surrogate-key");
    const isRight = isPublic
      ? status === 200 && /^public, max-age=\d+/.test(caching) && keys !== null && !route.isSignedIn
      : caching.includes("no-store") && keys === null;
    if (!isRight) faults.push(`${route.method} ${route.path}: ${status}, ${caching}, ${keys}`);
  }
  expect(faults).toEqual([]);
  const paths = documented.map(({ path }) => path);
  expect(Object.keys(publicReads).filter((path) => !paths.includes(path))).toEqual([]);
});

test("what is somebody's own is there, and for nobody's cache", async () => {
  const { status, headers } = await ask(
    { path: "/v1/bookings/{id}", method: "GET" },
    buyer.headers,
  );
  expect([status, headers.get("cache-control")]).toEqual([200, "no-store"]);
});

test.each(Object.entries(publicReads))(
  "%s says the same to everybody, and what it is about",
  async (path, words) => {
    const read = { path, method: "GET" };
    const askers = [{}, buyer.headers, operator.headers, cookies];
    const answers: EdgeAnswer[] = [];
    for (const headers of askers) answers.push(await ask(read, headers));
    const said = answers.map(({ status, text, headers }) => {
      const told = [...headers].filter(([name]) => name !== "x-request-id" && name !== "date");
      return JSON.stringify([status, text, told]);
    });
    // Nothing that varies: no request header has a say in it.
    expect(new Set(said).size).toBe(1);
    expect(answers[0]?.headers.get("surrogate-key")).toBe(keysOf(words));
    expect(answers[0]?.headers.get("set-cookie")).toBeNull();
  },
);

test.each(Object.keys(publicReads).filter((path) => !untagged.includes(path)))(
  "%s costs no second body while nothing has changed",
  async (path) => {
    const read = { path, method: "GET" };
    const first = await ask(read);
    const etag = first.headers.get("etag") ?? "";
    const again = await ask(read, { "if-none-match": etag });
    const kept = ["etag", "cache-control", "surrogate-key"] as const;
    const told = ({ headers }: EdgeAnswer) => kept.map((name) => headers.get(name));
    expect([etag === "", again.status, again.text]).toEqual([false, 304, ""]);
    expect(told(again)).toEqual(told(first));
    expect((await ask(read, { "if-none-match": '"another"' })).status).toBe(200);
  },
);

test("seats that are seen through a channel are for nobody's cache, right code or wrong", async () => {
  const { headers } = await edge.send("GET", `/v1/shows/${ids["show"]}/seats?channel=presale`, {
    headers: { "channel-code": "WRONGCODE" },
  });
  expect([headers.get("cache-control"), headers.get("surrogate-key")]).toEqual(["no-store", null]);
});

test("pages of one person are for nobody's cache; files, the reference and pages without anybody in them are", async () => {
  const caching = async (path: string) =>
    (await edge.send("GET", path, { headers: cookies })).headers.get("cache-control");
  for (const path of [
    `/shows/${ids["show"]}/line`,
    "/desk/lines",
    "/desk/sign-in",
    "/metrics",
    "/readyz",
    "/nowhere",
  ]) {
    expect([path, await caching(path)]).toEqual([path, expect.stringContaining("no-store")]);
  }
  for (const path of [
    "/docs",
    "/openapi.json",
    "/assets/page.css",
    "/tickets/tk_any",
    "/checkout/paid",
  ]) {
    expect([path, await caching(path)]).toEqual([
      path,
      expect.stringMatching(/^public, max-age=300/),
    ]);
    const { headers } = await edge.send("GET", path);
    const again = { headers: { "if-none-match": headers.get("etag") ?? "none" } };
    expect([path, (await edge.send("GET", path, again)).status]).toEqual([path, 304]);
  }
});
