import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../../domain/ids.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeAnswer } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";

let edge: Edge;
let operator: Awaited<ReturnType<Edge["signIn"]>>;

beforeAll(async () => {
  edge = await createEdge();
  operator = await edge.signIn(randomUUID(), ["operator"]);
}, 60_000);
afterAll(() => edge.close(), 30_000);

test("an operator opens a line, sees who waits and why, slows, pauses and closes it; each act leaves a row", async () => {
  const show = await plantShow(edge.database.pool, { seats: 1 });
  expect(await desk("GET", show)).toMatchObject({
    ...{ status: 200, body: { line: null, peoplePerMinute: null, actions: [] } },
  });
  expect(await desk("POST", show, { guestsAllowed: true })).toMatchObject({
    ...{ status: 201, body: { title: "Test title", line: { guestsAllowed: true, joined: 0 } } },
  });
  await eventually(async () => (await desk("GET", show)).body["line"]?.["phase"] === "open");
  for (let joined = 0; joined < 5; joined += 1) {
    await edge.send("POST", `/v1/shows/${showIds.encode(show)}/line`);
  }
  await eventually(async () => (await desk("GET", show)).body["line"]?.["limitedBy"] === "seats");
  expect((await desk("GET", show)).body["line"]).toMatchObject({
    ...{ joined: 5, served: 2, waiting: 3, inside: 2, insideMax: 2, freeSeats: 1, heldSeats: 0 },
    joinedLately: expect.arrayContaining([{ at: expect.any(String), joined: expect.any(Number) }]),
  });
  expect((await edge.send("GET", "/v1/desk/lines", operator)).body["shows"]).toMatchObject([
    { showId: showIds.encode(show), line: { waiting: 3 } },
  ]);

  const slower = { callsPerMinuteMax: 30, message: "Doors at seven" };
  expect((await desk("PATCH", show, slower)).body["line"]).toMatchObject(slower);
  expect((await desk("PATCH", show, { isPaused: true })).body["line"]).toMatchObject({
    ...{ phase: "paused", isPaused: true, ...slower },
  });
  expect(await desk("DELETE", show)).toMatchObject({ status: 204 });
  const { line, actions } = (await desk("GET", show)).body;
  expect(line).toBeNull();
  expect(actions).toMatchObject([
    { action: "close", details: {} },
    { action: "change", details: { isPaused: true } },
    { action: "change", details: slower },
    { action: "open", details: { guestsAllowed: true } },
  ]);
  const actors = (actions as { actor: string }[]).map(({ actor }) => actor);
  expect(new Set(actors)).toEqual(new Set([operator.userId]));
});

test("an operator ends a place: its pass ends, its person stands at the end, and the next one is called", async () => {
  const show = await plantShow(edge.database.pool, { seats: 1 });
  await plantLine(edge.database.pool, show);
  const at = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("GET", at)).status === 200);
  const buyers = [];
  for (let joined = 0; joined < 3; joined += 1) {
    const buyer = await edge.signIn();
    const { body } = await edge.send("POST", at, buyer);
    buyers.push({ ...buyer, place: { "line-place": String(body["place"]) } });
  }
  const [first, , third] = buyers;
  if (first === undefined || third === undefined) throw new Error("Nobody has joined");
  const enter = async ({ headers, place }: typeof first) =>
    edge.send("POST", `${at}/pass`, { headers: { ...headers, ...place } });
  const { body } = await eventually(async () => {
    const entered = await enter(first);
    return entered.status === 200 && entered;
  });
  expect(await enter(third)).toMatchObject({ status: 409, body: { code: "LINE_TURN_NOT_YET" } });

  expect(await desk("DELETE", show, undefined, "/places/1")).toMatchObject({ status: 204 });
  await eventually(async () => (await enter(third)).status === 200);
  const renewal = { headers: { ...first.headers, "line-pass": String(body["pass"]) } };
  expect(await edge.send("POST", `${at}/pass`, renewal)).toMatchObject(
    refused(403, "LINE_PASS_ENDED"),
  );
  expect(await enter(first)).toMatchObject(refused(409, "LINE_TURN_MISSED"));
  expect((await edge.send("POST", at, first)).body).toMatchObject({ number: 4 });
  expect(await desk("DELETE", show, undefined, "/places/9")).toMatchObject(
    refused(400, "REQUEST_INVALID"),
  );
  expect((await desk("GET", show)).body["actions"]).toMatchObject([
    { action: "change", actor: operator.userId, details: { endedNumber: 1 } },
  ]);
});

test("before the draw nobody has a number, and no place ends", async () => {
  const show = await plantShow(edge.database.pool);
  await plantLine(edge.database.pool, show, { opensMs: -1_000, drawMs: 60_000 });
  const at = `/v1/shows/${showIds.encode(show)}/line`;
  await eventually(async () => (await edge.send("POST", at, await edge.signIn())).status === 200);
  await eventually(async () => Number((await edge.send("GET", at)).body["joined"]) > 0);
  expect(await desk("DELETE", show, undefined, "/places/1")).toMatchObject(
    refused(400, "REQUEST_INVALID"),
  );
  expect((await desk("GET", show)).body["actions"]).toEqual([]);
});

test("times that lie before a line that opens at once are moved with it", async () => {
  const show = await plantShow(edge.database.pool);
  const soon = new Date(Date.now() + 2_500).toISOString();
  const opened = await desk("POST", show, { admitsFrom: soon });
  expect(opened.status).toBe(201);
  const { opensAt, drawAt, admitsFrom } = opened.body["line"] ?? {};
  expect([drawAt, admitsFrom]).toEqual([opensAt, opensAt]);
});

test("what cannot be done is refused by its own code, and leaves no row", async () => {
  const show = await plantShow(edge.database.pool);
  expect(await desk("PATCH", show, { isPaused: true })).toMatchObject(
    refused(404, "LINE_NOT_FOUND"),
  );
  expect(await desk("DELETE", show)).toMatchObject(refused(404, "LINE_NOT_FOUND"));
  const times = { opensAt: "2030-01-01T10:00:00.000Z", drawAt: "2030-01-01T09:00:00.000Z" };
  expect(await desk("POST", show, times)).toMatchObject(refused(400, "REQUEST_INVALID"));
  expect((await desk("GET", show)).body["actions"]).toEqual([]);
  expect(await desk("POST", show, {})).toMatchObject({ status: 201 });
  expect(await desk("POST", show, {})).toMatchObject(refused(409, "LINE_NOT_OPENABLE"));
  await desk("DELETE", show);
  expect(await desk("POST", show, {})).toMatchObject(refused(409, "LINE_NOT_OPENABLE"));
  expect((await desk("GET", show)).body["actions"]).toHaveLength(2);
  expect(await desk("GET", randomUUID())).toMatchObject(refused(404, "SHOW_NOT_FOUND"));
  expect(await desk("PUT", randomUUID(), { peoplePerMinute: 3 }, "/threshold")).toMatchObject(
    refused(404, "SHOW_NOT_FOUND"),
  );
});

test("a threshold is set and forgotten", async () => {
  const show = await plantShow(edge.database.pool);
  for (const peoplePerMinute of [300, 200, null]) {
    const { body } = await desk("PUT", show, { peoplePerMinute }, "/threshold");
    expect(body).toMatchObject({ peoplePerMinute });
  }
  expect(await desk("PUT", show, { peoplePerMinute: 0 }, "/threshold")).toMatchObject(
    refused(400, "REQUEST_INVALID"),
  );
});

test("when too many look at the seats or order some, a line opens by itself; who holds seats keeps them", async () => {
  const show = await plantShow(edge.database.pool);
  await desk("PUT", show, { peoplePerMinute: 4 }, "/threshold");
  const holder = await edge.signIn();
  expect(await reserve(show, holder, "A1")).toMatchObject({ status: 201 });
  const look = (browser: number) =>
    edge.send("GET", `/v1/shows/${showIds.encode(show)}/seats`, {
      headers: { "user-agent": `browser ${browser}` },
    });
  await eventually(async () => {
    // Some of them are in one heap: who-asks.ts.
    for (let browser = 0; browser < 30; browser += 1) await look(browser);
    return (await desk("GET", show)).body["line"] !== null;
  });
  const { line, actions } = (await desk("GET", show)).body;
  expect(line).toMatchObject({ guestsAllowed: false, draw: { entries: 0 } });
  expect(actions).toMatchObject([
    { action: "open", actor: "threshold", details: { demand: expect.any(Number) } },
    { action: "threshold", actor: operator.userId, details: { peoplePerMinute: 4 } },
  ]);
  expect(await reserve(show, await edge.signIn(), "A2")).toMatchObject(
    refused(403, "LINE_PASS_MISSING"),
  );
  const bookings = await edge.database.pool.query(
    "select status from bookings where show_id = $1",
    [show],
  );
  expect(bookings.rows).toEqual([{ status: "held" }]);
});

test.each([
  ["nobody", async () => ({}), 401, "TOKEN_MISSING"],
  ["a buyer", async () => (await edge.signIn()).headers, 403, "OPERATOR_ONLY"],
  [
    "somebody with another role",
    async () => (await edge.signIn(randomUUID(), ["operators", "usher"])).headers,
    403,
    "OPERATOR_ONLY",
  ],
])("the desk is closed to %s", async (_, headersOf, status, code) => {
  const show = showIds.encode(await plantShow(edge.database.pool));
  const headers = await headersOf();
  for (const [method, path, json] of [
    ["GET", "/v1/desk/lines", undefined],
    ["GET", `/v1/desk/shows/${show}/line`, undefined],
    ["POST", `/v1/desk/shows/${show}/line`, {}],
    ["PATCH", `/v1/desk/shows/${show}/line`, { isPaused: true }],
    ["DELETE", `/v1/desk/shows/${show}/line`, undefined],
    ["PUT", `/v1/desk/shows/${show}/line/threshold`, { peoplePerMinute: 1 }],
  ] as const) {
    expect(await edge.send(method, path, { headers, json })).toMatchObject(refused(status, code));
  }
});

async function reserve(show: string, buyer: Awaited<ReturnType<Edge["signIn"]>>, seat: string) {
  return edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(show), seatIds: [seat], userId: buyer.userId },
    headers: { ...buyer.headers, "idempotency-key": randomUUID() },
  });
}

type DeskBody = EdgeAnswer["body"] & { line?: Record<string, unknown> | null };

async function desk(
  method: string,
  show: string,
  json?: unknown,
  path = "",
): Promise<EdgeAnswer & { body: DeskBody }> {
  const { headers } = operator;
  return edge.send(method, `/v1/desk/shows/${showIds.encode(show)}/line${path}`, { headers, json });
}

function refused(status: number, code: string) {
  return { status, body: { code } };
}
