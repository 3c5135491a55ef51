import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";

let edge: Edge;
let servers: RedisServers;
let path: string;
let headers: Record<string, string>;

beforeAll(async () => {
  servers = await startRedis();
  edge = await createEdge({}, { redisUrl: servers.url });
  const show = await plantShow(edge.database.pool);
  await plantLine(edge.database.pool, show);
  path = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", path)).status === 200);
  const buyer = await edge.signIn();
  const { body } = await edge.send("POST", path, { headers: buyer.headers });
  headers = { "line-place": String(body["place"]) };
  const poll = () => edge.send("GET", `${path}/place`, { headers });
  await eventually(async () => (await poll()).body["state"] === "called");
}, 60_000);
afterAll(async () => {
  await edge.close();
  await servers.close();
}, 30_000);

/** All but what belongs to one request, or is another each time. */
function lasting({ status, headers: all, body }: EdgeAnswer) {
  const { askAgainMs, askAgainSeconds, ...rest } = body;
  const named = Object.fromEntries(all);
  for (const name of ["x-request-id", "retry-after"]) delete named[name];
  return { status, headers: named, body: rest, times: [typeof askAgainMs, typeof askAgainSeconds] };
}

test.each(["", "/place"])("in front of the app line%s is what its route says", async (end) => {
  // The question mark leads past the front.
  const [front, route] = await Promise.all(
    ["", "?"].map((mark) => edge.send("GET", `${path}${end}${mark}`, { headers })),
  );
  if (front === undefined || route === undefined) throw new Error("No answer");
  expect(front.headers.has("x-request-id")).toBe(false);
  expect(route.headers.has("x-request-id")).toBe(true);
  expect(lasting(front)).toEqual(lasting(route));
});

test("what is no plain good answer comes from the route, with its code", async () => {
  const codeOf = async (at: string, sent: Record<string, string> = {}) =>
    (await edge.send("GET", at, { headers: sent })).body.code;
  const unknown = `/v1/shows/${showIds.encode("00000000-0000-4000-8000-000000000000")}/line`;
  expect(await codeOf(unknown)).toBe("LINE_NOT_FOUND");
  expect(await codeOf("/v1/shows/nonsense/line")).toBe("ID_MALFORMED");
  expect(await codeOf(`/x${path}`)).toBe("ROUTE_UNKNOWN");
  expect(await codeOf(`${path}/place`)).toBe("LINE_PLACE_INVALID");
  expect(await codeOf(`${path}/place`, { "line-place": "nonsense" })).toBe("LINE_PLACE_INVALID");
  expect((await edge.send("PUT", path)).status).toBe(405);
});
