import { createHash, randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { listRedisCommands } from "../../tests/list-redis-commands.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";

let redis: RedisServers;
let edge: Edge;
let otherEdge: Edge;
let showId: string;
let lineShowId: string;

const partnerKey = "the key of the radio station";
const partners = `radio=sha256:${createHash("sha256").update(partnerKey).digest("hex")},desk=203.0.113.77`;
const rates = {
  reserve: { person: 3, address: 7 },
  payments: { person: 4, address: 1_000 },
  join: { person: 2, address: 1_000 },
  search: { person: 5, address: 5 },
  signIn: { person: 2, address: 2 },
  ...{ partnerFactor: 3, windowSeconds: 3 },
};

beforeAll(async () => {
  redis = await startRedis();
  const settings = { redisUrl: redis.url, rates, partners };
  [edge, otherEdge] = await Promise.all([createEdge({}, settings), createEdge({}, settings)]);
  const { pool } = edge.database;
  showId = showIds.encode(await plantShow(pool, { seats: 10 }));
  const shown = await plantShow(pool, { seats: 10 });
  await plantLine(pool, shown);
  lineShowId = showIds.encode(shown);
}, 60_000);
afterAll(async () => {
  await Promise.all([edge.close(), otherEdge.close()]);
  await redis.close();
}, 30_000);

type Person = Awaited<ReturnType<Edge["signIn"]>>;
type Sent = { from?: string; by?: Person; key?: string; raw?: string; at?: Edge };

/** What is answered through one proxy of ours: the code, or the status of a success. `from` is what the proxy has written. */
async function ask(method: string, path: string, { from, by, key, raw, at = edge }: Sent) {
  const response = await fetch(`${await at.listen()}${path}`, {
    method,
    headers: {
      ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
      ...by?.headers,
      ...(from !== undefined && { "x-forwarded-for": from }),
      ...(key !== undefined && { "partner-key": key }),
    },
    ...(raw !== undefined && { body: raw }),
  });
  const body = (await response.json().catch(() => ({}))) as {
    code?: string;
    details?: object;
    bookingId?: string;
  };
  const retryAfter = Number(response.headers.get("retry-after"));
  const { details, bookingId } = body;
  return { answer: body.code ?? response.status, retryAfter, details, bookingId };
}

/** A reserve of nothing: it is counted before its body is looked at. */
const knock = (sent: Sent) => ask("POST", "/v1/bookings/reserve", { raw: "{}", ...sent });
const confirm = (sent: Sent) =>
  ask("POST", "/v1/bookings/confirm", { raw: nobodysBooking, ...sent });
const join = (sent: Sent) => ask("POST", `/v1/shows/${lineShowId}/line`, sent);

const nobodysBooking = JSON.stringify({
  bookingId: "bk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
});

async function repeat(times: number, ask1: () => Promise<{ answer: unknown }>) {
  const answers: unknown[] = [];
  for (let time = 0; time < times; time += 1) answers.push((await ask1()).answer);
  return answers;
}

function many(times: number, answer: string) {
  return Array.from({ length: times }, () => answer);
}

/** What is counted now, of everybody. */
async function readCounts(name: string): Promise<(string | null)[]> {
  const keys = (await redis.clients[0]?.keys(`limit:${name}:*`)) ?? [];
  return keys.length === 0 ? [] : ((await redis.clients[0]?.mget(keys)) ?? []);
}

let addresses = 0;
/** An address that nobody has come from. */
function newAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

async function untilPassed(startedAt: number, seconds: number) {
  await eventually(async () => performance.now() - startedAt >= seconds * 1_000);
}

describe("a person", () => {
  test("is refused after so many requests, before the body is read, and let in again when Retry-After is over", async () => {
    const [by, from] = [await edge.signIn(), newAddress()];
    expect(await repeat(3, () => knock({ by, from }))).toEqual(many(3, "REQUEST_INVALID"));
    const refusedAt = performance.now();
    const refused = await knock({ by, from, raw: "{" });
    expect(refused).toMatchObject({ answer: "RATE_LIMITED", details: { by: "person" } });
    expect(refused.retryAfter).toBeGreaterThanOrEqual(1);
    expect(refused.retryAfter).toBeLessThanOrEqual(3);
    expect((await knock({ by, from })).answer).toBe("RATE_LIMITED");
    await untilPassed(refusedAt, refused.retryAfter);
    expect(await repeat(3, () => knock({ by, from }))).toEqual(many(3, "REQUEST_INVALID"));
  });

  test("who asks too often does not use up what others at the same address have", async () => {
    const from = newAddress();
    const [loud, quiet] = [await edge.signIn(), await edge.signIn()];
    const answers = await repeat(40, () => knock({ by: loud, from }));
    expect(answers).toEqual([...many(3, "REQUEST_INVALID"), ...many(37, "RATE_LIMITED")]);
    expect(await repeat(3, () => knock({ by: quiet, from }))).toEqual(many(3, "REQUEST_INVALID"));
  });

  test("is the same person at every address and in every process", async () => {
    const userId = randomUUID();
    const [by, there] = [await edge.signIn(userId), await otherEdge.signIn(userId)];
    const answers = await repeat(2, () => confirm({ by, from: newAddress() }));
    const others = await repeat(2, () => confirm({ by: there, from: newAddress(), at: otherEdge }));
    expect([...answers, ...others]).toEqual(many(4, "BOOKING_NOT_FOUND"));
    expect((await confirm({ by, from: newAddress() })).answer).toBe("RATE_LIMITED");
    const refusedAt = performance.now();
    const refused = await confirm({ by: there, from: newAddress(), at: otherEdge });
    expect(refused.answer).toBe("RATE_LIMITED");
    await untilPassed(refusedAt, refused.retryAfter);
    expect((await confirm({ by, from: newAddress() })).answer).toBe("BOOKING_NOT_FOUND");
  });

  test("who asks for a waiting list is the same person in every process", async () => {
    const userId = randomUUID();
    const [by, there] = [await edge.signIn(userId), await otherEdge.signIn(userId)];
    const path = `/v1/shows/${showId}/waiting-list`;
    const here = { by, from: newAddress() };
    expect((await ask("GET", path, here)).answer).not.toBe("RATE_LIMITED");
    const elsewhere = { by: there, from: newAddress(), at: otherEdge };
    expect((await ask("GET", path, elsewhere)).answer).not.toBe("RATE_LIMITED");
    expect((await ask("GET", path, elsewhere)).answer).toBe("RATE_LIMITED");
  });

  test("who holds seats in one process is known in the next, at most a request later", async () => {
    const userId = randomUUID();
    const [by, there] = [await edge.signIn(userId), await otherEdge.signIn(userId)];
    const elsewhere = showIds.encode(await plantShow(otherEdge.database.pool, { seats: 10 }));
    const hold = (at: Edge, who: Person, show: string, seatId: string) =>
      ask("POST", "/v1/bookings/reserve", {
        ...{ at, by: who, from: newAddress() },
        raw: JSON.stringify({ showId: show, seatIds: [seatId], userId }),
      });
    for (const seatId of ["A1", "A2", "A3"]) {
      expect((await hold(edge, by, showId, seatId)).answer).toBe(201);
    }
    expect((await hold(otherEdge, there, elsewhere, "A1")).answer).toBe(201);
    await eventually(async () => (await readCounts("reserve:person")).includes("4"));
    await ask("GET", `/v1/shows/${lineShowId}/line`, { at: otherEdge });
    expect((await hold(otherEdge, there, elsewhere, "A2")).answer).toBe("RATE_LIMITED");
  });

  test("has a count of its own for everything", async () => {
    const [by, from] = [await edge.signIn(), newAddress()];
    await repeat(4, () => knock({ by, from }));
    expect((await confirm({ by, from })).answer).toBe("BOOKING_NOT_FOUND");
    expect(await repeat(3, () => join({ by, from }))).toEqual([200, 200, "RATE_LIMITED"]);
  });

  test("may ask how they stand as often as they like, at no command of Redis", async () => {
    const [by, from] = [await edge.signIn(), newAddress()];
    await repeat(3, () => join({ by, from }));
    const commands = await listRedisCommands(redis.url, async () => {
      const path = `/v1/shows/${lineShowId}/line`;
      expect(new Set(await repeat(100, () => ask("GET", path, { by, from })))).toEqual(
        new Set([200]),
      );
    });
    expect(commands.filter((command) => command.join(" ").includes("limit:"))).toEqual([]);
  });
});

describe("an address", () => {
  test("has a limit of its own, which the next address does not feel", async () => {
    const from = newAddress();
    const answers: unknown[] = [];
    for (let person = 0; person < 4; person += 1) {
      const by = await edge.signIn();
      answers.push(...(await repeat(2, () => knock({ by, from }))));
    }
    expect(answers).toEqual([...many(7, "REQUEST_INVALID"), "RATE_LIMITED"]);
    const [by, next] = [await edge.signIn(), newAddress()];
    expect(await knock({ by, from })).toMatchObject({ details: { by: "address" } });
    expect((await knock({ by, from: next })).answer).toBe("REQUEST_INVALID");
  });

  test("is a /64 where it is of IPv6", async () => {
    const search = (from: string) => ask("GET", "/v1/search?q=x", { from });
    const answers: unknown[] = [];
    for (let host = 1; host <= 6; host += 1) {
      answers.push((await search(`2001:db8:1:2::${host}`)).answer);
    }
    expect(answers.at(-1)).toBe("RATE_LIMITED");
    expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 200));
    expect((await search("2001:db8:1:2:ffff::9")).answer).toBe("RATE_LIMITED");
    expect((await search("2001:db8:1:3::1")).answer).toBe(200);
  });

  test("is what our proxy has seen, whatever the client has written before it", async () => {
    const real = newAddress();
    const answers = await repeat(6, () =>
      ask("GET", "/v1/search?q=x", { from: `${newAddress()}, 203.0.113.77, ${real}` }),
    );
    expect(answers).toEqual([200, 200, 200, 200, 200, "RATE_LIMITED"]);
  });
});

test("signing out is no attempt to sign in", async () => {
  const from = newAddress();
  const signOut = () => ask("DELETE", "/v1/session", { from });
  const signIn = () => ask("POST", "/v1/session", { from, raw: "{}" });
  expect(await repeat(3, signOut)).toEqual([204, 204, 204]);
  expect(await repeat(3, signIn)).toEqual(["REQUEST_INVALID", "REQUEST_INVALID", "RATE_LIMITED"]);
  expect((await signOut()).answer).toBe(204);
});

describe("a show that limits addresses", () => {
  test("refuses the next payment that is begun at one, until it is begun elsewhere or by a partner", async () => {
    const id = await plantShow(edge.database.pool, { seats: 10 });
    await edge.database.pool.query(
      "update shows set seats_per_address_max = 1 where show_id = $1",
      [id],
    );
    const from = newAddress();
    const begin = async (seatId: string, sent: Partial<Sent> = {}) => {
      const by = await edge.signIn();
      const order = { showId: showIds.encode(id), seatIds: [seatId], userId: by.userId };
      const held = await ask("POST", "/v1/bookings/reserve", {
        ...{ by, from: newAddress(), raw: JSON.stringify(order) },
      });
      const path = `/v1/bookings/${held.bookingId ?? ""}/payments`;
      return (await ask("POST", path, { by, from, raw: "{}", ...sent })).answer;
    };
    expect(await begin("A1")).toBe(201);
    expect(await begin("A2")).toBe("ADDRESS_LIMIT_REACHED");
    expect(await begin("A3", { from: newAddress() })).toBe(201);
    expect(await begin("A4", { key: partnerKey })).toBe(201);
    const { rows } = await edge.database.pool.query<{ digest: string | null }>(
      `select encode(network_digest, 'hex') as digest from payments
        where show_id = $1 order by created_at`,
      [id],
    );
    const digests = rows.map(({ digest }) => digest);
    expect(digests).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.anything(), null]);
    // Whoever has the rows and tries all addresses finds none.
    const guess = createHash("sha256").update(`network ${id} ${from}`).digest("hex");
    expect(digests).not.toContain(guess);
  });
});

describe("a partner", () => {
  test("is counted as one, by its own limit, whoever it asks for", async () => {
    const answers: unknown[] = [];
    for (let person = 0; person < 2; person += 1) {
      const [by, from] = [await edge.signIn(), newAddress()];
      answers.push(...(await repeat(11, () => knock({ by, from, key: partnerKey }))));
    }
    // Three addresses' worth.
    expect(answers).toEqual([...many(21, "REQUEST_INVALID"), "RATE_LIMITED"]);
    const by = await edge.signIn();
    expect((await knock({ by, from: newAddress() })).answer).toBe("REQUEST_INVALID");
  });

  test("is known by its address, which nobody can write for themselves", async () => {
    const by = await edge.signIn();
    const answers = await repeat(8, () => knock({ by, from: "203.0.113.77" }));
    expect(answers).toEqual(many(8, "REQUEST_INVALID"));
    const stranger = await edge.signIn();
    const spoofed = await repeat(4, () =>
      knock({ by: stranger, from: `203.0.113.77, ${newAddress()}` }),
    );
    expect(spoofed).toEqual([...many(3, "REQUEST_INVALID"), "RATE_LIMITED"]);
  });

  test("with a wrong key is told so", async () => {
    const by = await edge.signIn();
    expect((await knock({ by, from: newAddress(), key: "guessed" })).answer).toBe(
      "PARTNER_KEY_INVALID",
    );
  });
});

describe("Redis", () => {
  test("is told nobody's address", async () => {
    const [by, from] = [await edge.signIn(), newAddress()];
    await confirm({ by, from });
    const keys = (await redis.clients[0]?.keys("limit:*")) ?? [];
    expect(keys).not.toEqual([]);
    expect(keys.filter((key) => key.includes(from) || key.includes(by.userId))).toEqual([]);
  });

  test("is asked nothing for a request that is refused", async () => {
    const [by, from] = [await edge.signIn(), newAddress()];
    await repeat(5, () => confirm({ by, from }));
    const commands = await listRedisCommands(redis.url, async () => {
      expect(await repeat(20, () => confirm({ by, from }))).toEqual(many(20, "RATE_LIMITED"));
    });
    expect(commands.filter((command) => command.join(" ").includes("limit:"))).toEqual([]);
  });

  test("when it stalls or dies, memory counts, and nobody waits", async () => {
    const expectLimited = async () => {
      const [by, from] = [await edge.signIn(), newAddress()];
      const startedAt = performance.now();
      const answers = await repeat(5, () => confirm({ by, from }));
      expect(answers).toEqual([...many(4, "BOOKING_NOT_FOUND"), "RATE_LIMITED"]);
      // 50 ms for each question; a command gives up after a second.
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    };
    redis.stall();
    try {
      await expectLimited();
    } finally {
      redis.goOn();
    }
    await redis.kill(0);
    await expectLimited();
    await redis.start(0);
    await eventually(async () => (await redis.clients[0]?.ping()) === "PONG");
  }, 30_000);
});
