import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

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
let lineShowId: string;
let showId: string;

const partnerKey = "the key of the radio station";
const settings = {
  partners: `radio=sha256:${createHash("sha256").update(partnerKey).digest("hex")}`,
  signals: { pointsMax: 10, windowSeconds: 6, joinsPerMinute: 1_000_000 },
};

beforeAll(async () => {
  redis = await startRedis();
  const shared = { ...settings, redisUrl: redis.url };
  [edge, otherEdge] = await Promise.all([createEdge({}, shared), createEdge({}, shared)]);
  [lineShowId, showId] = [await openLine(edge), await plant(edge)];
}, 60_000);
afterAll(async () => {
  await Promise.all([edge.close(), otherEdge.close()]);
  await redis.close();
}, 30_000);

async function plant(at: Edge): Promise<string> {
  return showIds.encode(await plantShow(at.database.pool, { seats: 100, seatsPerBuyerMax: 100 }));
}

async function openLine(at: Edge): Promise<string> {
  const show = await plantShow(at.database.pool, { seats: 10 });
  await plantLine(at.database.pool, show);
  const id = showIds.encode(show);
  await eventually(async () => (await at.send("GET", `/v1/shows/${id}/line`)).status === 200);
  return id;
}

type Person = Awaited<ReturnType<Edge["signIn"]>>;
type Sent = {
  at?: Edge;
  from: string;
  by: Person;
  answer?: string;
  key?: string;
  show?: string;
  pass?: string;
  cookie?: string;
};
type Task = { nonce: string; bits: number };
type Answered = {
  code: string | number;
  retryAfter: number;
  body: {
    details?: { challenge?: Task } & Record<string, unknown>;
    place?: string;
    pass?: string;
  };
};

async function post(path: string, sent: Sent, json?: unknown): Promise<Answered> {
  const { at = edge, from, by, answer, key, pass, cookie } = sent;
  const response = await fetch(`${await at.listen()}${path}`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
      ...{ ...by.headers, "x-forwarded-for": from },
      ...(answer !== undefined && { "challenge-answer": answer }),
      ...(key !== undefined && { "partner-key": key }),
      ...(pass !== undefined && { "line-pass": pass }),
      ...(cookie !== undefined && { cookie }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const body = (await response.json()) as Answered["body"] & { code?: string };
  const retryAfter = Number(response.headers.get("retry-after"));
  return { code: body.code ?? response.status, retryAfter, body };
}

const joinLine = (sent: Sent) => post(`/v1/shows/${sent.show ?? lineShowId}/line`, sent);
const reserve = (sent: Sent, seatId = "A1") =>
  post("/v1/bookings/reserve", sent, {
    ...{ showId: sent.show ?? showId, seatIds: [seatId], userId: sent.by.userId },
  });

/** What a client does: the first number that fits, or with `off` one that does not. */
function solve({ body }: Answered, { off = false } = {}): string {
  const { nonce, bits } = body.details?.challenge ?? { nonce: "", bits: 0 };
  for (let number = 0; ; number += 1) {
    const digest = createHash("sha256").update(`${nonce}:${number}`).digest();
    if (Math.clz32(digest.readUInt32BE(0)) >= bits !== off) return `${nonce}:${number}`;
  }
}

let networks = 0;
/** Any of the addresses of a /64 that nobody has come from. */
function newNetwork() {
  networks += 1;
  const network = `2001:db8:0:${networks.toString(16)}`;
  let hosts = 0;
  return () => {
    hosts += 1;
    return `${network}::${hosts.toString(16)}`;
  };
}

/** A network that has joined with as many accounts as may join unasked. */
async function crowd(at = edge, show?: string) {
  const from = newNetwork();
  const codes: unknown[] = [];
  for (let count = 0; count < settings.signals.pointsMax; count += 1) {
    const sent = { at, from: from(), by: await at.signIn(), ...(show !== undefined && { show }) };
    codes.push((await joinLine(sent)).code);
  }
  expect(new Set(codes)).toEqual(new Set([200]));
  return from;
}

describe("many accounts of one /64 that join a line", () => {
  test("have to solve a challenge, and nobody else has to", async () => {
    const from = await crowd();
    const by = await edge.signIn();
    const asked = await joinLine({ from: from(), by });
    expect(asked).toMatchObject({
      code: "CHALLENGE_REQUIRED",
      body: { details: { challenge: { kind: "proof-of-work", bits: 8, algorithm: "SHA-256" } } },
    });
    expect((await joinLine({ from: newNetwork()(), by: await edge.signIn() })).code).toBe(200);
    expect((await joinLine({ from: from(), by, answer: solve(asked) })).code).toBe(200);
  });

  test("are asked no more when Retry-After is over", async () => {
    const from = await crowd();
    const by = await edge.signIn();
    const askedAt = performance.now();
    const { retryAfter, code } = await joinLine({ from: from(), by });
    expect(code).toBe("CHALLENGE_REQUIRED");
    expect(retryAfter).toBeLessThanOrEqual(6);
    await eventually(async () => performance.now() - askedAt >= retryAfter * 1_000);
    expect((await joinLine({ from: from(), by })).code).toBe(200);
  });

  test("are known in every process", async () => {
    const from = await crowd();
    const show = await openLine(otherEdge);
    const there = { at: otherEdge, show };
    const first = await joinLine({ ...there, from: from(), by: await otherEdge.signIn() });
    expect(first.code).toBe(200);
    await eventually(async () => {
      const next = await joinLine({ ...there, from: from(), by: await otherEdge.signIn() });
      return next.code === "CHALLENGE_REQUIRED";
    });
  });

  test("are refused when they are far too many, however many they solve; who has joined may ask again", async () => {
    const signals = { pointsMax: 2, windowSeconds: 60 };
    const small = await createEdge({}, { redisUrl: redis.url, signals });
    try {
      const show = await openLine(small);
      const from = newNetwork();
      const joinWith = async (by: Person) => {
        const sent = { at: small, show, from: from(), by };
        const first = await joinLine(sent);
        if (first.code !== "CHALLENGE_REQUIRED") return first;
        return joinLine({ ...sent, answer: solve(first) });
      };
      const people: Person[] = [];
      for (let count = 0; count < 41; count += 1) people.push(await small.signIn());
      const codes: unknown[] = [];
      for (const by of people) codes.push((await joinWith(by)).code);
      expect(codes).toEqual([...Array.from({ length: 40 }, () => 200), "RATE_LIMITED"]);
      const [first = await small.signIn()] = people;
      expect((await joinWith(first)).code).toBe(200);
      const elsewhere = { at: small, show, from: newNetwork()(), by: await small.signIn() };
      expect((await joinLine(elsewhere)).code).toBe(200);
    } finally {
      await small.close();
    }
  }, 60_000);

  test("are not asked when they are a partner's", async () => {
    const from = newNetwork();
    const codes: unknown[] = [];
    for (let count = 0; count < settings.signals.pointsMax + 3; count += 1) {
      const sent = { from: from(), by: await edge.signIn(), key: partnerKey };
      codes.push((await joinLine(sent)).code);
    }
    expect(new Set(codes)).toEqual(new Set([200]));
  });

  test("of whom one asks again and again are one account", async () => {
    const [from, by] = [newNetwork(), await edge.signIn()];
    const codes: unknown[] = [];
    for (let time = 0; time < 20; time += 1) {
      codes.push((await joinLine({ from: from(), by })).code);
    }
    expect(new Set(codes)).toEqual(new Set([200]));
  });
});

describe("an answer", () => {
  test("is good once, for one person, and only when it is one", async () => {
    const from = await crowd();
    const [by, other] = [await edge.signIn(), await edge.signIn()];
    const asked = await joinLine({ from: from(), by });
    const good = solve(asked);
    const changed = good.replace(/^./, (first) => (first === "A" ? "B" : "A"));
    for (const answer of [solve(asked, { off: true }), changed, "", "1:1", `${good}x`]) {
      const failed = await joinLine({ from: from(), by, answer });
      expect([answer, failed.code]).toEqual([answer, "CHALLENGE_FAILED"]);
    }
    expect((await joinLine({ from: from(), by: other, answer: good })).code).toBe(
      "CHALLENGE_FAILED",
    );
    expect((await joinLine({ from: from(), by, answer: good })).code).toBe(200);
    const again = await joinLine({ from: from(), by, answer: good });
    expect(again.code).toBe("CHALLENGE_FAILED");
    // It comes with a new one.
    expect((await joinLine({ from: from(), by, answer: solve(again) })).code).toBe(200);
  });

  test("is found by the script of the documents", async () => {
    const from = await crowd();
    const by = await edge.signIn();
    const { nonce, bits } = (await joinLine({ from: from(), by })).body.details?.challenge ?? {};
    const script = join(import.meta.dirname, "../../docs/examples/solve-challenge.mjs");
    const args = [script, String(nonce), String(bits)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect((await joinLine({ from: from(), by, answer: stdout.trim() })).code).toBe(200);
  });
});

describe("a reserve", () => {
  test("of a network that shows false passes again and again needs an answer, and no body is read before", async () => {
    const from = newNetwork();
    const [by, other] = [await edge.signIn(), await edge.signIn()];
    for (const pass of ["false", "as false"]) {
      expect((await reserve({ from: from(), by, pass })).code).toBe("LINE_PASS_INVALID");
    }
    const asked = await post("/v1/bookings/reserve", { from: from(), by: other }, "no order");
    expect(asked.code).toBe("CHALLENGE_REQUIRED");
    const answer = solve(asked);
    expect((await reserve({ from: from(), by: other, answer })).code).toBe(201);
    expect((await reserve({ from: newNetwork()(), by: await edge.signIn() }, "A2")).code).toBe(201);
  });

  test("with a good pass of one's own is not asked for one, in a cookie as in the header", async () => {
    const from = newNetwork();
    const by = await edge.signIn();
    const show = await openLine(edge);
    const pass = await comeIn(by, show);
    for (const shown of ["false", "as false"]) await reserve({ from: from(), by, pass: shown });
    const cookie = `theme=dark; ${passCookie(showId, "of a line that is over")}; ${passCookie(show, pass)}`;
    for (const [seatId, proof] of [
      ["A1", { pass }],
      ["A2", { cookie }],
    ] as const) {
      const shown = await reserve({ from: from(), by, show, ...proof }, seatId);
      expect(shown.code).toBe(201);
    }
    const other = await edge.signIn();
    for (const sent of [
      { by, cookie: passCookie(show, "false") },
      { by: other, cookie },
    ]) {
      expect((await reserve({ from: from(), ...sent })).code).toBe("CHALLENGE_REQUIRED");
    }
  });

  test("of a person who lets go again and again needs an answer, wherever they come from", async () => {
    const by = await edge.signIn();
    const from = newNetwork();
    await edge.database.pool.query(
      `insert into show_buyers (show_id, user_id, seats, lettings, let_go_at)
       values ($1, $2, 0, 9, now())`,
      [showIds.decode(showId), by.userId],
    );
    expect((await reserve({ from: from(), by }, "A3")).code).toBe("HOLD_COOLDOWN");
    const asked = await reserve({ from: newNetwork()(), by }, "A3");
    expect(asked.code).toBe("CHALLENGE_REQUIRED");
    expect((await reserve({ from: from(), by, answer: solve(asked) }, "A3")).code).toBe(
      "HOLD_COOLDOWN",
    );
  });
});

function passCookie(show: string, pass: string): string {
  return `line-pass-${show}=${pass}`;
}

/** Through the line, from a network that has done nothing. */
async function comeIn(by: Person, show: string): Promise<string> {
  const from = newNetwork()();
  const { body } = await joinLine({ from, by, show });
  const cookie = `line-place-${show}=${body.place}`;
  return eventually(async () => {
    const answer = await post(`/v1/shows/${show}/line/pass`, { from, by, cookie });
    return answer.body.pass ?? false;
  });
}

test("when a line grows faster than any honest one, everybody has to solve one, and partners nothing", async () => {
  const signals = { joinsPerMinute: 5 };
  const stormed = await createEdge({}, { ...settings, redisUrl: redis.url, signals });
  try {
    const show = await openLine(stormed);
    const joinNew = async (key?: string) =>
      joinLine({
        ...{ at: stormed, show, from: newNetwork()(), by: await stormed.signIn() },
        ...(key !== undefined && { key }),
      });
    const asked = await eventually(async () => {
      const answer = await joinNew();
      return answer.code === "CHALLENGE_REQUIRED" && answer;
    });
    expect(asked.retryAfter).toBeLessThanOrEqual(60);
    expect((await joinNew(partnerKey)).code).toBe(200);
  } finally {
    await stormed.close();
  }
}, 60_000);

test("what a stranger is refused does not make everybody behind their address suspected", async () => {
  const [from, by] = [newNetwork(), await edge.signIn()];
  const url = `${await edge.listen()}/v1/shows/${lineShowId}/line/place`;
  for (let time = 0; time < 20; time += 1) {
    const headers = { "x-forwarded-for": from(), "line-place": "false" };
    expect((await fetch(url, { headers })).status).toBe(403);
  }
  expect((await joinLine({ from: from(), by })).code).toBe(200);
});

test("a refusal that is a signal costs Redis no command of its own", async () => {
  const [from, by] = [newNetwork(), await edge.signIn()];
  const commands = await listRedisCommands(redis.url, async () => {
    for (let time = 0; time < 4; time += 1) await reserve({ from: from(), by, pass: "false" });
  });
  expect(commands.filter((command) => command.join(" ").includes("limit:"))).toEqual([]);
});

test("without Redis each process asks by itself", async () => {
  const from = newNetwork();
  redis.stall();
  try {
    for (const pass of ["false", "as false"]) {
      await reserve({ from: from(), by: await edge.signIn(), pass });
    }
    const asked = await reserve({ from: from(), by: await edge.signIn() });
    expect(asked.code).toBe("CHALLENGE_REQUIRED");
  } finally {
    redis.goOn();
  }
});
