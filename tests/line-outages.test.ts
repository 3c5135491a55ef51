import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { eventually } from "./eventually.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedisCluster } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let redis: RedisServers;
let system: System;
/** One on each node of three. */
let shows: string[];

beforeAll(async () => {
  redis = await startRedisCluster();
  system = await startSystem(["api", "checkout", "identity"], {
    REDIS_URL: redis.url,
    // Many at once: this is about who is called, not how fast.
    STRIPE_CALLS_PER_SECOND: "1000",
  });
  shows = await redis.showOnEach();
  for (const showId of shows) {
    await plantShow(system.database.pool, { showId, seats: 2 });
    await plantLine(system.database.pool, showId);
  }
  await eventually(async () => {
    const views = await Promise.all(shows.map((show) => ask("GET", show)));
    return views.every(({ status }) => status === 200);
  });
}, 120_000);
afterAll(async () => {
  await system.close();
  await redis.close();
}, 30_000);

test("on a cluster of three nodes each line stands on its own node, and calls its people", async () => {
  for (const [node, show] of shows.entries()) {
    const person = await join(show);
    await untilCalled(person);
    expect(await redis.clients[node]?.exists(`line:{${show}}:state`)).toBe(1);
  }
}, 60_000);

test("every API process is killed and started again: places, numbers and passes live on", async () => {
  const [show = ""] = shows;
  const people = [await join(show), await join(show), await join(show), await join(show)];
  const [first, , , last] = people;
  if (first === undefined || last === undefined) throw new Error("Nobody has joined");
  const pass = await enter(first);
  await system.kill("api");
  await system.start("api");

  for (const { show: at, number, place } of people) {
    const { status, body } = await ask("GET", at, "/place", { "line-place": place });
    expect({ status, number: body["number"] }).toEqual({ status: 200, number });
  }
  expect(last.number).toBe(first.number + 3);
  // Whoever comes before its connections to Redis are warm may be asked to come again.
  const renewed = await eventually(async () => {
    const answer = await ask("POST", show, "/pass", { ...first.headers, "line-pass": pass });
    return answer.status !== 503 && answer;
  });
  expect(renewed.status).toBe(200);
  expect(await reserve(first, String(renewed.body["pass"]))).toBe(201);
  // The second, the third and one more of before are inside: the last waits, and is called when somebody leaves.
  await ask("DELETE", show, "", { "line-place": people[1]?.place ?? "" });
  await untilCalled(people[2] ?? last);
}, 120_000);

test("a pass is spent by what was bought with it", async () => {
  const [, show = ""] = shows;
  await system.database.pool.query(
    "update show_prices set amount_minor = 0, fee_minor = 0 where show_id = $1",
    [show],
  );
  const buyer = await join(show);
  const pass = await enter(buyer);
  const { status, body } = await order(buyer, pass, "A2");
  expect(status).toBe(201);
  const paid = await fetch(
    `${system.addresses.api}/v1/bookings/${String(body["bookingId"])}/payments`,
    {
      method: "POST",
      headers: {
        ...buyer.headers,
        ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
      },
      body: "{}",
    },
  );
  expect(paid.status).toBeLessThan(300);
  // There is no such seat: until the pass is known to be spent the order fails for that.
  await eventually(
    async () => (await order(buyer, pass, "A9")).body["code"] === "LINE_PASS_ENDED",
    20_000,
  );
  const renewal = { ...buyer.headers, "line-pass": pass };
  expect(await ask("POST", show, "/pass", renewal)).toMatchObject({
    ...{ status: 403, body: { code: "LINE_PASS_ENDED" } },
  });
}, 60_000);

test("a node is killed: its line stands still and lets nobody past it, its show is looked at, and the other lines go on", async () => {
  const [, show = "", lost = ""] = shows;
  const waiting = await join(lost);
  await redis.kill(2);

  // Who waits there still knows where; nobody comes in, and nobody reserves without a pass.
  await eventually(
    async () => (await ask("POST", lost, "", waiting.headers)).status === 503,
    20_000,
  );
  const stands = await ask("GET", lost, "/place", { "line-place": waiting.place });
  expect(stands).toMatchObject({ status: 200, body: { number: waiting.number } });
  expect(await reserve(waiting)).toBe(403);
  const seats = await fetch(`${system.addresses.api}/v1/shows/${showIds.encode(lost)}/seats`);
  expect(seats.status).toBe(200);

  const elsewhere = await join(show);
  await untilCalled(elsewhere);
  expect(await reserve(elsewhere, await enter(elsewhere))).toBe(201);
}, 120_000);

type Person = {
  show: string;
  userId: string;
  place: string;
  number: number;
  headers: { authorization: string };
};

async function ask(
  method: string,
  show: string,
  end = "",
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const path = `/v1/shows/${showIds.encode(show)}/line${end}`;
  const response = await fetch(`${system.addresses.api}${path}`, { method, headers });
  const text = await response.text();
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body };
}

async function join(show: string): Promise<Person> {
  const { userId, authorization } = await system.signIn(randomUUID());
  const { status, body } = await ask("POST", show, "", { authorization });
  expect(status).toBe(200);
  const { place, number } = body as { place: string; number: number };
  return { show, userId, place, number, headers: { authorization } };
}

async function untilCalled({ show, place }: Person): Promise<void> {
  await eventually(async () => {
    const { body } = await ask("GET", show, "/place", { "line-place": place });
    return body["state"] === "called";
  }, 20_000);
}

async function enter(person: Person): Promise<string> {
  await untilCalled(person);
  const { show, place, headers } = person;
  const { status, body } = await ask("POST", show, "/pass", { ...headers, "line-place": place });
  expect(status).toBe(200);
  return String(body["pass"]);
}

async function reserve(person: Person, pass?: string): Promise<number> {
  return (await order(person, pass, "A1")).status;
}

async function order(
  { show, userId, headers }: Person,
  pass: string | undefined,
  seatId: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${system.addresses.api}/v1/bookings/reserve`, {
    method: "POST",
    headers: {
      ...headers,
      ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
      ...(pass !== undefined && { "line-pass": pass }),
    },
    body: JSON.stringify({ showId: showIds.encode(show), seatIds: [seatId], userId }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
