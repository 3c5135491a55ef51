import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { createIdentityIssuer } from "../local/identity/create-identity-issuer.ts";
import { eventually } from "./eventually.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let redis: RedisServers;
let system: System;

beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(["identity", "api"], { REDIS_URL: redis.url });
}, 60_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

test("the API is killed and started again: people find their place and their number, operators their line", async () => {
  const show = await openLine();
  const guests = await joinMany(show, 25);
  const desk = await signInAtDesk();
  await eventually(async () => (await pageOf(show, guests[24])).includes('id="ahead">12<'));

  await system.kill("api");
  await system.start("api");
  const page = await pageOf(show, guests[24]);
  expect(page).toMatch(/Your number<\/dt>\s*<dd>25</);
  expect(page).toContain('id="ahead">12<');
  await eventually(async () => (await desk(show)).includes("Calling people"));
  expect(await desk(show)).toMatch(/Inside<\/dt>\s*<dd>12 of 12</);
  expect(await pageOf(show, guests[0])).toContain("It is your turn");
}, 60_000);

test("the API starts while Redis is slow: nobody hears that more are ahead of them than before", async () => {
  const show = await openLine();
  const guests = await joinMany(show, 25);
  await eventually(async () => (await pageOf(show, guests[24])).includes('id="ahead">12<'));
  await system.kill("api");
  // As it is in the first five seconds of a line: PostgreSQL is not told of each turn.
  await system.database.pool.query("update show_lines set served = 0 where show_id = $1", [show]);

  redis.stall();
  const started = system.start("api");
  await eventually(async () => (await get("/healthz")).status === 200, 20_000);
  const seen = new Set<string | undefined>();
  const look = async () => {
    const [, ahead] = /id="ahead">(\d+)</.exec(await pageOf(show, guests[24])) ?? [];
    seen.add(ahead);
    return ahead !== undefined;
  };
  for (let looks = 0; looks < 5; looks += 1) await look();
  redis.goOn();
  await started;
  await eventually(look);
  expect(seen).toEqual(new Set([undefined, "12"]));
}, 60_000);

test("Redis is killed and comes back empty: seats are shown, nobody books past the line, and places stand", async () => {
  const show = await openLine();
  const guests = await joinMany(show, 25);
  const desk = await signInAtDesk();
  await eventually(async () => (await pageOf(show, guests[24])).includes("You are in line"));
  const { status: passed } = await reserve(show);
  expect(passed).toBe(403);

  await redis.kill(0);
  // Nobody is told a wait that nobody knows.
  await eventually(
    async () => (await pageOf(show, guests[24])).includes("being put together"),
    20_000,
  );
  expect(await pageOf(show, guests[24])).toMatch(/Your number<\/dt>\s*<dd>25</);
  expect(await desk(show)).toContain("Being put together again");
  expect((await get(`/v1/shows/${showIds.encode(show)}/seats`)).status).toBe(200);
  expect(await reserve(show)).toMatchObject({ status: 403, code: "LINE_PASS_MISSING" });
  expect(await join(show)).toMatchObject({ status: 503, code: "UNAVAILABLE" });

  await redis.start(0);
  const newcomer = await eventually(async () => {
    const joined = await join(show);
    return joined.status === 200 && joined;
  }, 30_000);
  expect(newcomer.number).toBeGreaterThan(25);
  const page = await pageOf(show, guests[24]);
  expect(page).toMatch(/Your number<\/dt>\s*<dd>25</);
  // Those who were inside have two minutes to go on before anybody is called.
  expect(page).toContain("being put together");
  expect(await reserve(show)).toMatchObject({ status: 403, code: "LINE_PASS_MISSING" });
}, 90_000);

async function openLine(): Promise<string> {
  const show = await plantShow(system.database.pool, { seats: 20 });
  await plantLine(system.database.pool, show, { guestsAllowed: true });
  await eventually(
    async () => (await get(`/v1/shows/${showIds.encode(show)}/line`)).status === 200,
  );
  return show;
}

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${system.addresses.api}${path}`, { headers, redirect: "manual" });
}

type Joined = { status: number; code?: string; number: number; cookie: string };

async function join(show: string): Promise<Joined> {
  const path = `${system.addresses.api}/v1/shows/${showIds.encode(show)}/line`;
  const response = await fetch(path, { method: "POST" });
  const body = (await response.json()) as { code?: string; number: number };
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return { status: response.status, cookie, ...body };
}

/** Their cookies. */
async function joinMany(show: string, count: number): Promise<string[]> {
  const cookies: string[] = [];
  while (cookies.length < count) cookies.push((await join(show)).cookie);
  return cookies;
}

async function pageOf(show: string, cookie = ""): Promise<string> {
  return (await get(`/shows/${showIds.encode(show)}/line`, { cookie })).text();
}

async function tokenOf(roles: string[]): Promise<{ userId: string; token: string }> {
  const userId = randomUUID();
  const issuer = await createIdentityIssuer({
    ...{ issuer: system.addresses.identity, audience: "marquee" },
    keyFile: `${system.folder}/identity-key.json`,
  });
  return { userId, token: await issuer.issue({ sub: userId, roles }) };
}

async function signInAtDesk() {
  const { token } = await tokenOf(["operator"]);
  return async (show: string) =>
    (await get(`/desk/lines/${showIds.encode(show)}`, { cookie: `desk=${token}` })).text();
}

async function reserve(show: string): Promise<{ status: number; code: string }> {
  const { userId, token } = await tokenOf([]);
  const response = await fetch(`${system.addresses.api}/v1/bookings/reserve`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify({ showId: showIds.encode(show), seatIds: ["A1"], userId }),
  });
  const { code } = (await response.json()) as { code: string };
  return { status: response.status, code };
}
