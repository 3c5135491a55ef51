import { randomUUID } from "node:crypto";
import { connect } from "node:net";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { register } from "prom-client";

import { createPool } from "../../adapters/postgres/pool.ts";
import type { HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import { bookingIds, showIds, titleIds } from "../../domain/ids.ts";
import { createDatabase } from "../../tests/databases.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge, EdgeSettings } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { plantLine } from "../../tests/plant-line.ts";
import { plantShow } from "../../tests/plant-show.ts";

// Who must not wait for whom, over real sockets. The checkout service hangs where a test says so.

const atOnceMax = 40;
/** As long as anybody waits for a connection (adapters/postgres/pool.ts). */
const connectionMsMax = 2_000;
const limits = {
  admissionLimits: {
    buying: { atOnceMax },
    joining: {
      ...{ atOnceMax: 4, groupAtOnceMax: 3, waitingMax: 40, groupWaitingMax: 20 },
      waitMsMax: 30_000,
    },
    asking: { atOnceMax, whenLate: { lateMs: 100, perSecondMax: 5 } },
    browsing: { atOnceMax, whenLate: { lateMs: 250, perSecondMax: 5 } },
    provider: { atOnceMax },
  },
  holdLimits: {
    ...{ atOnceMax: 8, groupAtOnceMax: 4, waitingMax: 8, groupWaitingMax: 4 },
    waitMsMax: 300,
  },
} satisfies EdgeSettings;

let edge: Edge;
let address: string;
let buyer: Awaited<ReturnType<Edge["signIn"]>>;
let lateMs = 0;
const hanging = new Set<string>();
let released = Promise.withResolvers<void>();

beforeAll(async () => {
  edge = await openEdge(limits);
  address = await edge.listen();
  buyer = await edge.signIn();
}, 60_000);
afterAll(() => edge.close(), 30_000);
afterEach(() => stall?.end());
beforeEach(async () => {
  lateMs = 0;
  hanging.clear();
  released.resolve();
  await eventually(async () => (await inFlight()) === 0 && (await holdsAtOnce()) === 0);
  released = Promise.withResolvers();
  shedBefore = await readMetric("marquee_requests_shed_total", "class");
});

/** Holds of the shows in `hanging` are not answered until they are released. */
function openEdge(settings: EdgeSettings): Promise<Edge> {
  const reserve = async ({ showId, seatIds }: HoldRequest): Promise<HoldOutcome> => {
    if (hanging.has(showId)) await released.promise;
    return { outcome: "refused", code: "SEAT_TAKEN", seatIds };
  };
  return createEdge({ checkouts: { reserve } }, { ...settings, latenessMs: () => lateMs });
}

describe("a show whose holds hang", () => {
  test("leaves the others their way to the checkouts, and turns away who would wait in vain", async () => {
    const [hot, calm] = [await plantHall(), await plantHall()];
    hanging.add(hot);
    const crowd = Array.from({ length: 20 }, () => reserve(hot));
    await eventually(async () => (await holdsAtOnce()) === limits.holdLimits.groupAtOnceMax);
    // Of the twenty four hang, four wait, and the others are sent away at once.
    await eventually(async () => (await shed("holding")) >= 12);
    expect(await reserve(calm)).toMatchObject({ status: 409, body: { code: "SEAT_TAKEN" } });
    // Nobody waits for longer than the limit: sixteen are sent away while the four still hang.
    await eventually(async () => (await shed("holding")) >= 16);
    released.resolve();
    const answers = await Promise.all(crowd);
    expect(tally(answers)).toEqual({ "409 SEAT_TAKEN": 4, "503 BUSY": 16 });
  });

  test("control: where one show may take all, another waits as long as it hangs", async () => {
    const holdLimits = { ...limits.holdLimits, groupAtOnceMax: limits.holdLimits.atOnceMax };
    const greedy = await openEdge({ ...limits, holdLimits });
    try {
      const [hot, calm] = [await plantHall(greedy), await plantHall(greedy)];
      hanging.add(hot);
      const crowd = Array.from({ length: 20 }, () => reserve(hot, greedy));
      await eventually(async () => (await holdsAtOnce()) === holdLimits.atOnceMax);
      expect(await reserve(calm, greedy)).toMatchObject({ status: 503, body: { code: "BUSY" } });
      released.resolve();
      await Promise.all(crowd);
    } finally {
      await greedy.close();
    }
  });
});

describe("the door", () => {
  test("lets in exactly so many of five hundred, half of them at most for one show, and others meanwhile", async () => {
    const shows = await Promise.all(Array.from({ length: 4 }, () => plantHall()));
    await stallSeats();
    const crowd = shows.flatMap((show) => Array.from({ length: 125 }, () => look(show)));
    await eventually(async () => (await inFlight("browsing")) === atOnceMax);
    await eventually(async () => (await shed("browsing")) === 500 - atOnceMax);

    expect(await ask("/v1/me", buyer.headers)).not.toMatchObject({ status: 503 });
    expect(await reserve(shows[0] ?? "")).not.toMatchObject({ status: 503 });
    expect(await sendWebhook()).toMatchObject({ status: 200 });
    expect(await ask("/healthz")).toMatchObject({ status: 200 });

    await stall?.end();
    expect(tally(await Promise.all(crowd))).toEqual({ 200: atOnceMax, "503 BUSY": 460 });
    expect(await inFlight()).toBe(0);
  });

  test("one show takes half of a class, and another finds room", async () => {
    const [hot, calm] = [await plantHall(), await plantHall()];
    // Its seats are known: what is known is answered.
    await look(calm);
    await stallSeats();
    const crowd = Array.from({ length: 100 }, () => look(hot));
    await eventually(async () => (await shed("browsing")) === 80);
    expect(await inFlight("browsing")).toBe(atOnceMax / 2);
    expect(await look(calm)).toMatchObject({ status: 200 });
    await stall?.end();
    expect(tally(await Promise.all(crowd))).toEqual({ 200: 20, "503 BUSY": 80 });
  });

  test("says when to come again, differently to each, in the form of every other refusal", async () => {
    const show = await plantHall();
    await stallSeats();
    const answers = Promise.all(Array.from({ length: 100 }, () => look(show)));
    await eventually(async () => (await shed("browsing")) === 80);
    await stall?.end();
    const refusals = (await answers).filter(({ status }) => status === 503);
    const seconds = new Set(refusals.map(({ headers }) => Number(headers["retry-after"])));
    expect(seconds).toEqual(new Set([1, 2, 3, 4, 5]));
    const [first] = refusals;
    expect(first?.headers).toMatchObject({
      ...{ "content-type": "application/problem+json", "cache-control": "no-store" },
      ...{ "x-content-type-options": "nosniff", "x-request-id": first?.body["requestId"] },
    });
    expect(first?.body).toMatchObject({
      type: "https://tickets.test/docs/errors#BUSY",
      title: "Too much is asked at this moment",
    });
  });

  test("turns away before it reads a body", async () => {
    const crowd = Array.from({ length: 60 }, () => postHeadAlone());
    await eventually(async () => crowd.filter(({ heard }) => heard() === 503).length === 20);
    expect(await inFlight("asking")).toBe(atOnceMax);
    for (const { close } of crowd) close();
  });

  test("when it is late, those who ask are turned away first, then those who look, and never those who buy", async () => {
    const show = await plantHall();
    const line = `/shows/${showIds.encode(show)}/line`;
    const cookie = await comeIn(await plantHall());
    const tryAll = async () => {
      const eachMany = (send: () => Promise<Answer>) =>
        Promise.all(Array.from({ length: 15 }, send));
      const all = {
        "asking how far the line is": await eachMany(() => ask(`/v1${line}`)),
        "asking with a browser": await eachMany(() => ask(line)),
        "asking for seats": await eachMany(() => knock()),
        browsing: await eachMany(() => look(show)),
        buying: await eachMany(() => ask("/v1/me", buyer.headers)),
        "buying with a pass in a cookie": await eachMany(() => knock({ cookie })),
        provider: await eachMany(sendWebhook),
        "running the sale": await eachMany(() => ask("/v1/desk/lines")),
        "running the sale with a browser": await eachMany(() => ask("/desk/sign-in")),
      };
      return Object.entries(all).flatMap(([name, answers]) =>
        answers.some(({ status }) => status === 503) ? [name] : [],
      );
    };
    expect(await tryAll()).toEqual([]);
    lateMs = 150;
    const asking = ["asking how far the line is", "asking with a browser", "asking for seats"];
    expect(await tryAll()).toEqual(asking);
    lateMs = 400;
    expect(await tryAll()).toEqual([...asking, "browsing"]);
  });
});

describe("a crowd that joins a line", () => {
  test("comes in a few at a time, waits instead of being sent away, and is not in front of another show", async () => {
    const [hot, calm] = [await plantLineOf(edge), await plantLineOf(edge)];
    const crowd = Promise.all(Array.from({ length: 20 }, () => join(hot, edge)));
    const other = join(calm, edge);
    const most = await mostInFlight("joining", Promise.all([crowd, other]));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(limits.admissionLimits.joining.atOnceMax);
    expect(tally([...(await crowd), await other])).toEqual({ 200: 21 });
  });

  test("control: with room for all, all are under way at once", async () => {
    const joining = { ...limits.admissionLimits.joining, atOnceMax: 40, groupAtOnceMax: 40 };
    const wide = await openEdge({
      ...limits,
      admissionLimits: { ...limits.admissionLimits, joining },
    });
    try {
      const show = await plantLineOf(wide);
      const crowd = Promise.all(Array.from({ length: 20 }, () => join(show, wide)));
      expect(await mostInFlight("joining", crowd)).toBeGreaterThan(
        limits.admissionLimits.joining.atOnceMax,
      );
    } finally {
      await wide.close();
    }
  });

  /** A show with an open line. */
  async function plantLineOf(at: Edge): Promise<string> {
    const show = await plantHall(at);
    await plantLine(at.database.pool, show);
    await eventually(async () => (await join(show, at)).status === 200);
    return show;
  }

  async function join(show: string, at: Edge): Promise<Answer> {
    const { headers } = at === edge ? buyer : await at.signIn();
    const path = `/v1/shows/${showIds.encode(show)}/line`;
    return read(await fetch(`${await at.listen()}${path}`, { method: "POST", headers }));
  }

  async function mostInFlight(name: string, work: Promise<unknown>): Promise<number> {
    let most = 0;
    let isOver = false;
    void work.finally(() => (isOver = true));
    while (!isOver) {
      most = Math.max(most, await inFlight(name));
      await new Promise(setImmediate);
    }
    return most;
  }
});

describe("a catalogue that hangs", () => {
  test("leaves buyers their connections to PostgreSQL", async () => {
    const { answer, afterMs } = await askForBooking({ isApart: true });
    expect(answer).toMatchObject({ status: 404, body: { code: "BOOKING_NOT_FOUND" } });
    expect(afterMs).toBeLessThan(connectionMsMax);
  });

  test("control: over the same connections they wait, in vain", async () => {
    const { answer } = await askForBooking({ isApart: false });
    expect(answer).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
  });

  /** For one that does not exist, while four connections are waiting for titles. */
  async function askForBooking({ isApart }: { isApart: boolean }) {
    const database = await createDatabase();
    const open = () =>
      createPool({
        ...{ databaseUrl: database.url, component: "isolation", connectionsMax: 4 },
        ...{ statementMsMax: 20_000, onIdleError: () => undefined },
      });
    const db = open();
    const readingDb = isApart ? open() : db;
    const house = await createEdge({ db, readingDb });
    const locker = await database.pool.connect();
    try {
      const at = await house.listen();
      const { headers } = await house.signIn();
      await locker.query("begin");
      await locker.query("lock table titles in access exclusive mode");
      const looking = Array.from({ length: 8 }, () =>
        fetch(`${at}/v1/titles/${titleIds.encode(randomUUID())}`).then(read),
      );
      await eventually(async () => readingDb.waitingCount === 4);
      const id = bookingIds.encode({ id: randomUUID(), showId: randomUUID() });
      const startedAt = performance.now();
      const answer = await read(await fetch(`${at}/v1/bookings/${id}`, { headers }));
      const afterMs = performance.now() - startedAt;
      await locker.query("rollback");
      await Promise.all(looking);
      return { answer, afterMs };
    } finally {
      locker.release();
      await house.close();
      await Promise.all([db.end(), ...(isApart ? [readingDb.end()] : [])]);
      await database.drop();
    }
  }
});

describe("room comes back", () => {
  test("after failures, refusals and clients that leave", async () => {
    const show = await plantHall();
    await stallSeats();
    const leaving = new AbortController();
    const crowd = Array.from({ length: 20 }, () => look(show, leaving.signal).catch(() => "left"));
    await eventually(async () => (await inFlight("browsing")) === 20);
    leaving.abort();
    expect(new Set(await Promise.all(crowd))).toEqual(new Set(["left"]));
    await stall?.end();
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await ask(`/v1/shows/nonsense-${index}/seats`);
        await ask("/v1/bookings/bk_nonsense", buyer.headers);
        await ask("/nothing-is-here");
      }),
    );
    await eventually(async () => (await inFlight()) === 0);
    expect(await look(show)).toMatchObject({ status: 200 });
  });

  test("after bodies that do not come: their time is over soon", async () => {
    const serverLimits = { headMsMax: 800, requestMsMax: 1_000, connectionsMax: 1_000 };
    const impatient = await openEdge({ ...limits, serverLimits });
    try {
      const at = await impatient.listen();
      const { headers } = await impatient.signIn();
      const slow = Array.from({ length: atOnceMax }, () => postHeadAlone(at, headers));
      await eventually(async () => (await inFlight("asking")) === atOnceMax);
      await eventually(async () => (await inFlight("asking")) === 0);
      for (const { close } of slow) close();
      expect(await reserve(await plantHall(impatient), impatient)).toMatchObject({ status: 409 });
    } finally {
      await impatient.close();
    }
  });
});

type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown> & { code?: string };
};

async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return read(await fetch(`${address}${path}`, { headers }));
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = (text.startsWith("{") ? JSON.parse(text) : {}) as Answer["body"];
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

async function look(show: string | undefined, signal?: AbortSignal): Promise<Answer> {
  const path = `/v1/shows/${showIds.encode(show ?? "")}/seats`;
  return read(await fetch(`${address}${path}`, { ...(signal && { signal }) }));
}

/** An order of nothing: its body is looked at behind the door. */
async function knock(headers: Record<string, string> = {}): Promise<Answer> {
  return read(
    await fetch(`${address}/v1/bookings/reserve`, {
      method: "POST",
      headers: { ...buyer.headers, "content-type": "application/json", ...headers },
      body: "{}",
    }),
  );
}

/** Through the line of this show. The cookies of a browser that has passes for two: one is good. */
async function comeIn(show: string): Promise<string> {
  await plantLine(edge.database.pool, show);
  const id = showIds.encode(show);
  const at = `${address}/v1/shows/${id}/line`;
  const joined = await eventually(async () => {
    const answer = await read(await fetch(at, { method: "POST", headers: buyer.headers }));
    return answer.status === 200 && answer;
  });
  const headers = { ...buyer.headers, "line-place": String(joined.body["place"]) };
  const { body } = await eventually(async () => {
    const answer = await read(await fetch(`${at}/pass`, { method: "POST", headers }));
    return answer.status === 200 && answer;
  });
  const over = `line-pass-${showIds.encode(randomUUID())}=of.a.line.that.is.over`;
  return `${over}; line-pass-${id}=${String(body["pass"])}`;
}

async function reserve(show: string, at = edge): Promise<Answer> {
  const { userId, headers } = at === edge ? buyer : await at.signIn();
  // Nobody's lock is in anybody's way.
  const seatIds = [`A${1 + (seat++ % seats)}`];
  const response = await fetch(`${await at.listen()}/v1/bookings/reserve`, {
    method: "POST",
    headers: {
      ...{ ...headers, "idempotency-key": randomUUID(), "content-type": "application/json" },
    },
    body: JSON.stringify({ showId: showIds.encode(show), seatIds, userId }),
  });
  return read(response);
}

const seats = 200;
let seat = 0;

function plantHall(at = edge): Promise<string> {
  return plantShow(at.database.pool, { seats });
}

async function sendWebhook(): Promise<Answer> {
  const body = '{"id":"evt_1","object":"event","type":"nothing.of.ours","livemode":false}';
  const headers = { "stripe-signature": edge.signWebhook(body) };
  return read(await fetch(`${address}/webhooks/stripe`, { method: "POST", headers, body }));
}

/** An order whose body never comes. `heard`: the status of the answer, if there is one. */
function postHeadAlone(at = address, { authorization } = buyer.headers) {
  const socket = connect(Number(new URL(at).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString()));
  socket.on("error", () => undefined);
  const head = [
    "POST /v1/bookings/reserve HTTP/1.1",
    ...["host: tickets.test", "content-type: application/json", "content-length: 100"],
    ...[`authorization: ${authorization}`, "idempotency-key: a-slow-order"],
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return {
    heard: () => Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]),
    close: () => socket.destroy(),
  };
}

let stall: { end(): Promise<void> } | undefined;

/** Whoever wants to read seats waits, until the stall ends. */
async function stallSeats(): Promise<void> {
  const client = await edge.database.pool.connect();
  await client.query("begin");
  await client.query("lock table show_seats in access exclusive mode");
  stall = {
    async end() {
      stall = undefined;
      await client.query("rollback");
      client.release();
    },
  };
}

async function readMetric(name: string, label: string): Promise<Map<string, number>> {
  const values = (await register.getSingleMetric(name)?.get())?.values ?? [];
  const sums = new Map<string, number>();
  for (const { labels, value } of values) {
    const key = String((labels as Record<string, unknown>)[label]);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/** Since the test began. */
let shedBefore = new Map<string, number>();

async function shed(name: string): Promise<number> {
  const now = await readMetric("marquee_requests_shed_total", "class");
  return (now.get(name) ?? 0) - (shedBefore.get(name) ?? 0);
}

async function inFlight(name?: string): Promise<number> {
  const counts = await readMetric("marquee_http_requests_in_flight", "class");
  if (name !== undefined) return counts.get(name) ?? 0;
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}

async function holdsAtOnce(): Promise<number> {
  return (await readMetric("marquee_holds_at_once", "state")).get("running") ?? 0;
}

function tally(answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = body.code === undefined ? String(status) : `${status} ${body.code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
