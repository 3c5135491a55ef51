import { createHash, randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { localKeys } from "../../local/local-keys.ts";
import { shuffle } from "../../platform/shuffle.ts";
import { createSlips } from "../../platform/slips.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createLineSlips } from "../line/line-slips.ts";

let edge: Edge;
let servers: RedisServers;

beforeAll(async () => {
  servers = await startRedis();
  edge = await createEdge({}, { redisUrl: servers.url });
}, 60_000);
afterAll(async () => {
  await edge.close();
  await servers.close();
}, 30_000);

type Buyer = Awaited<ReturnType<Edge["signIn"]>>;

test("a show without a line asks for nothing", async () => {
  const show = await plantShow(edge.database.pool);
  expect(await line("GET", show)).toMatchObject({ status: 404, body: { code: "LINE_NOT_FOUND" } });
  const buyer = await edge.signIn();
  expect(await reserve(show, buyer, "A1")).toMatchObject({ status: 201 });
});

describe("a show with a line", () => {
  test("lets nobody reserve who has not stood in it", async () => {
    const show = await openLine();
    const buyer = await edge.signIn();
    expect(await reserve(show, buyer, "A1")).toMatchObject(refused("LINE_PASS_MISSING"));
    const pass = await passFor(show, buyer);
    expect(await reserve(show, buyer, "A1", pass)).toMatchObject({ status: 201 });
  });

  test("calls two people for a seat that is not sold, in turn, and the next when one of them leaves", async () => {
    const show = await openLine({ seats: 1 });
    const buyers = await manyBuyers(3);
    const places: Placed[] = [];
    for (const buyer of buyers) places.push(await join(show, buyer));
    expect(places.map(({ number }) => number)).toEqual([1, 2, 3]);
    await eventually(async () => (await standing(show, places[1])).state === "called");
    expect(await standing(show, places[2])).toMatchObject({ state: "waiting", ahead: 0 });
    expect(await enter(show, buyers[2], places[2])).toMatchObject({
      status: 409,
      body: { code: "LINE_TURN_NOT_YET" },
    });

    const left = performance.now();
    await leave(show, places[0]);
    await eventually(async () => (await standing(show, places[2])).state === "called");
    // A turn each second, and how long this test takes to see it.
    expect(performance.now() - left).toBeLessThan(2_500);
  });

  test("calls whoever comes when nobody waits without the wait for its next turn", async () => {
    const show = await openLine();
    const buyers = await manyBuyers(5);
    const began = performance.now();
    for (const buyer of buyers) {
      const place = await join(show, buyer);
      await eventually(async () => (await standing(show, place)).state === "called");
    }
    // Each comes right after a turn: with one a second it would be five seconds.
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test("calls the next one when somebody has chosen, without the wait for its next turn", async () => {
    const show = await openLine({ seats: 15 });
    const buyers = await manyBuyers(15);
    const places: Placed[] = [];
    for (const buyer of buyers) places.push(await join(show, buyer));
    const passes = [];
    for (const buyer of buyers.slice(0, 5)) passes.push(await passFor(show, buyer));
    const isCalled = async (place?: Placed) => (await standing(show, place)).state === "called";
    // Among so few seats ten may choose, and who has chosen is inside besides.
    await eventually(() => isCalled(places[9]));
    const began = performance.now();
    for (const [index, pass] of passes.entries()) {
      expect(await isCalled(places[10 + index])).toBe(false);
      await reserve(show, buyers[index], `A${index + 1}`, pass);
      await eventually(() => isCalled(places[10 + index]));
    }
    // With one turn a second it would be five seconds.
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test("tells at once that it is sold out, and keeps the order for what comes back", async () => {
    const show = await openLine({ seats: 1 });
    const place = await join(show, await edge.signIn());
    await eventually(async () => (await standing(show, place)).state === "called");
    await sell(show);
    await eventually(async () => (await view(show)).phase === "sold_out");
    const later = await join(show, await edge.signIn());
    await leave(show, place);
    expect(await standing(show, later)).toMatchObject({ state: "waiting" });
    await giveBack(show);
    await eventually(async () => (await standing(show, later)).state === "called");
  });

  test("gives one place a person, wherever they ask", async () => {
    const show = await openLine();
    const buyer = await edge.signIn();
    const places = await Promise.all(Array.from({ length: 10 }, () => join(show, buyer)));
    expect(new Set(places.map(({ entry }) => entry)).size).toBe(1);
  });

  test("opens when it opens", async () => {
    const show = await openLine({ opensMs: 60_000 });
    const { headers } = await edge.signIn();
    const answer = await line("POST", show, { headers });
    expect(answer).toMatchObject({ status: 409, body: { code: "LINE_NOT_OPEN" } });
    expect(await view(show)).toMatchObject({ phase: "before", joined: 0 });
  });

  test("is made before it opens: it is not taken for a lost one where another process was the first to reserve places", async () => {
    const show = await plantShow(edge.database.pool);
    await plantLine(edge.database.pool, show, { opensMs: 4_000 });
    await edge.database.pool.query("update show_lines set entries_max = 2000 where show_id = $1", [
      show,
    ]);
    await eventually(async () => (await view(show)).phase === "open", 10_000);
    const place = await join(show, await edge.signIn());
    // In a line that was lost nobody is called for two minutes.
    const called = await eventually(async () => {
      const stands = await standing(show, place);
      return stands.state === "called" && stands;
    });
    // Its places begin behind those that the other one has reserved.
    expect(called.number).toBe(2_001);
  }, 30_000);

  test("calls people a few at a time, also where the organiser says how fast", async () => {
    const show = await openLine({ seats: 100, callsPerMinuteMax: 600 });
    const buyers = await manyBuyers(40);
    await Promise.all(buyers.map((buyer) => join(show, buyer)));
    const moves = new Set<number>();
    await eventually(async () => {
      const { served } = await view(show);
      moves.add(served);
      return served === 40;
    }, 15_000);
    // With one turn a second it would be ten people each time, and five moves.
    expect(moves.size).toBeGreaterThanOrEqual(8);
  }, 30_000);

  test("lets guests stand where they may, but asks who they are at the door", async () => {
    const closed = await openLine();
    expect(await line("POST", closed)).toMatchObject({ status: 401 });
    const show = await openLine({ guestsAllowed: true });
    const { body } = await line("POST", show);
    const place = body as unknown as Placed;
    await eventually(async () => (await standing(show, place)).state === "called");
    expect(await line("POST", show, { path: "/pass", place })).toMatchObject({ status: 401 });
    const buyer = await edge.signIn();
    const { body: passed } = await enter(show, buyer, place);
    expect(await reserve(show, buyer, "A1", String(passed["pass"]))).toMatchObject({ status: 201 });
  });
});

test("a user's place lets in nobody else, on a line of guests either", async () => {
  const show = await openLine({ guestsAllowed: true });
  const [buyer, other] = await manyBuyers(2);
  const place = await join(show, buyer);
  await eventually(async () => (await standing(show, place)).state === "called");
  const answer = await enter(show, other, place);
  expect(answer).toMatchObject({ body: { code: "LINE_PLACE_INVALID" } });
  expect((await enter(show, buyer, place)).status).toBe(200);
});

describe("a pass", () => {
  test("that was changed, is somebody else's, another show's or another device's, or has run out, is refused by its own code", async () => {
    const show = await openLine();
    const [buyer, other] = await manyBuyers(2);
    const pass = await passFor(show, buyer);
    const otherShow = await openLine();
    const tries: [string, Buyer | undefined, string, string, Record<string, string>][] = [
      [show, buyer, `${pass}x`, "LINE_PASS_INVALID", {}],
      [
        show,
        buyer,
        pass.replace(/^./, (first) => (first === "0" ? "1" : "0")),
        "LINE_PASS_INVALID",
        {},
      ],
      [show, other, pass, "LINE_PASS_FOREIGN", {}],
      [show, buyer, pass, "LINE_PASS_FOREIGN", { "device-id": "a stolen one" }],
      [otherShow, buyer, pass, "LINE_PASS_OTHER_SHOW", {}],
      [show, buyer, runOut(pass), "LINE_PASS_EXPIRED", {}],
    ];
    for (const [at, who, slip, code, headers] of tries) {
      expect(await reserve(at, who, "A1", slip, headers)).toMatchObject(refused(code));
    }
    expect(await reserve(show, buyer, "A1", pass)).toMatchObject({ status: 201 });
  });

  test("that is no good is refused before the body is read", async () => {
    const { headers } = await edge.signIn();
    const request = { headers: { ...headers, "line-pass": "nonsense" }, raw: "{ this is no JSON" };
    const answer = await edge.send("POST", "/v1/bookings/reserve", request);
    expect(answer).toMatchObject(refused("LINE_PASS_INVALID"));
  });

  test("is dead when its person has left, in every process, within a second or two", async () => {
    const show = await openLine();
    const buyer = await edge.signIn();
    const place = await join(show, buyer);
    const pass = await passFor(show, buyer);
    await leave(show, place);
    await eventually(async () => (await reserve(show, buyer, "A1", pass)).status === 403);
    expect(await reserve(show, buyer, "A1", pass)).toMatchObject(refused("LINE_PASS_ENDED"));
    const renewal = { path: "/pass", headers: { ...buyer.headers, "line-pass": pass } };
    expect(await line("POST", show, renewal)).toMatchObject(refused("LINE_PASS_ENDED"));
  });

  test("is renewed while it lives", async () => {
    const show = await openLine();
    const buyer = await edge.signIn();
    const pass = await passFor(show, buyer);
    const renewal = { path: "/pass", headers: { ...buyer.headers, "line-pass": pass } };
    const { status, body } = await line("POST", show, renewal);
    expect(status).toBe(200);
    expect(Date.parse(String(body["validUntil"]))).toBeGreaterThan(Date.now() + 110_000);
  });
});

describe("the draw", () => {
  test("shuffles those who came before it, and everybody can draw again", async () => {
    const show = await openLine({ opensMs: -1_000, drawMs: 2_500 });
    const buyers = await manyBuyers(20);
    const places = await Promise.all(buyers.map((buyer) => join(show, buyer)));
    expect(places[0]).toMatchObject({ state: "drawing", number: null, ahead: null });
    const { commitment } = (await view(show)).draw;

    await eventually(async () => (await view(show)).draw.seed !== undefined, 10_000);
    const { draw } = await view(show);
    const seed = Buffer.from(draw.seed ?? "", "hex");
    expect(draw).toMatchObject({ commitment, entries: 20 });
    expect(createHash("sha256").update(seed).digest("hex")).toBe(commitment);
    const numbers = shuffle(seed, 20);
    for (const place of places) {
      expect((await standing(show, place)).number).toBe(numbers[place.entry - 1]);
    }
    // Whoever comes now is behind all of them.
    expect(await join(show, await edge.signIn())).toMatchObject({ entry: 21, number: 21 });

    // Also when the line is closed.
    await edge.database.pool.query("update show_lines set closed_at = now() where show_id = $1", [
      show,
    ]);
    await eventually(async () => (await line("GET", show)).status === 404);
    expect(await line("GET", show, { path: "/draw" })).toMatchObject({ status: 200, body: draw });
  }, 30_000);
});

describe("when Redis has lost everything", () => {
  test("places stand, nobody gets another's, passes go on, and nobody new is called while they live", async () => {
    const show = await openLine({ seats: 1 });
    const buyers = await manyBuyers(4);
    const places = [];
    for (const buyer of buyers.slice(0, 3)) places.push(await join(show, buyer));
    const pass = await passFor(show, buyers[0]);
    await servers.clients[0]?.flushall();

    await eventually(async () => (await view(show)).phase === "recovering");
    expect(await reserve(show, buyers[0], "A1", pass)).toMatchObject({ status: 201 });
    const renewal = { path: "/pass", headers: { ...buyers[0]?.headers, "line-pass": pass } };
    expect(await line("POST", show, renewal)).toMatchObject({ status: 200 });
    expect(await standing(show, places[2])).toMatchObject({ state: "waiting", number: 3 });
    const newcomer = await join(show, buyers[3]);
    expect(newcomer.number).toBeGreaterThan(3);
    expect(await enter(show, buyers[2], places[2])).toMatchObject({ status: 409 });
  });

  test("who was called and had not come in yet comes in, and the line has not gone back", async () => {
    const show = await openLine({ seats: 1 });
    const buyers = await manyBuyers(3);
    const places: Placed[] = [];
    for (const buyer of buyers) places.push(await join(show, buyer));
    await eventually(async () => (await view(show)).served === 2);
    await servers.clients[0]?.flushall();

    await eventually(async () => (await view(show)).phase === "recovering");
    expect(await view(show)).toMatchObject({ served: 2 });
    expect(await standing(show, places[1])).toMatchObject({ state: "called" });
    await eventually(async () => (await enter(show, buyers[1], places[1])).status === 200);
    expect(await enter(show, buyers[2], places[2])).toMatchObject({ status: 409 });
  });
});

/** The same pass, a moment after its end. */
function runOut(slip: string): string {
  const slips = createLineSlips(createSlips(localKeys.PASS_KEY));
  const pass = slips.readPass(slip);
  if (pass === undefined) throw new Error("This is no pass");
  return slips.signPass({ ...pass, untilMs: Date.now() - 1 });
}

type Placed = {
  place: string;
  state: string;
  entry: number;
  number: number | null;
  ahead: number | null;
};
type View = {
  phase: string;
  joined: number;
  served: number;
  draw: { commitment: string; seed?: string; entries?: number };
};

function refused(code: string) {
  return { status: 403, body: { code } };
}

async function openLine({ seats = 4, ...times }: { seats?: number } & LineTimes = {}) {
  const show = await plantShow(edge.database.pool, { seats });
  await plantLine(edge.database.pool, show, times);
  await eventually(async () => (await line("GET", show)).status === 200, 10_000);
  return show;
}

type LineTimes = NonNullable<Parameters<typeof plantLine>[2]>;

async function line(
  method: string,
  show: string,
  options: { path?: string; place?: Placed | undefined; headers?: Record<string, string> } = {},
) {
  const { path = "", place, headers = {} } = options;
  return edge.send(method, `/v1/shows/${showIds.encode(show)}/line${path}`, {
    headers: { ...headers, ...(place && { "line-place": place.place }) },
  });
}

async function view(show: string): Promise<View> {
  return (await line("GET", show)).body as unknown as View;
}

async function join(show: string, buyer: Buyer | undefined): Promise<Placed> {
  const { status, body } = await line("POST", show, { headers: buyer?.headers ?? {} });
  expect(status).toBe(200);
  return body as unknown as Placed;
}

async function standing(show: string, place: Placed | undefined): Promise<Placed> {
  const { body } = await line("GET", show, { path: "/place", place });
  return body as unknown as Placed;
}

async function enter(show: string, buyer: Buyer | undefined, place: Placed | undefined) {
  return line("POST", show, { path: "/pass", place, headers: buyer?.headers ?? {} });
}

async function leave(show: string, place: Placed | undefined): Promise<void> {
  expect((await line("DELETE", show, { place })).status).toBe(204);
}

async function passFor(show: string, buyer: Buyer | undefined): Promise<string> {
  const place = await join(show, buyer);
  await eventually(async () => (await standing(show, place)).state === "called");
  const { body } = await enter(show, buyer, place);
  return String(body["pass"]);
}

async function manyBuyers(count: number): Promise<Buyer[]> {
  return Promise.all(Array.from({ length: count }, () => edge.signIn()));
}

async function reserve(
  show: string,
  buyer: Buyer | undefined,
  seat: string,
  pass?: string,
  more: Record<string, string> = {},
) {
  return edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(show), seatIds: [seat], userId: buyer?.userId },
    headers: {
      ...buyer?.headers,
      ...more,
      "idempotency-key": randomUUID(),
      ...(pass !== undefined && { "line-pass": pass }),
    },
  });
}

async function sell(show: string): Promise<void> {
  await setSeats(show, "blocked");
}

async function giveBack(show: string): Promise<void> {
  await setSeats(show, "available");
}

async function setSeats(show: string, status: "blocked" | "available"): Promise<void> {
  const { rows } = await edge.database.pool.query<{ seatId: string; version: number }>(
    `update show_seats set status = $2, version = version + 1 where show_id = $1
       returning seat_id as "seatId", version`,
    [show, status],
  );
  edge.tellSeats(
    show,
    rows.map((seat) => ({ ...seat, status, heldUntilMs: null })),
  );
}
