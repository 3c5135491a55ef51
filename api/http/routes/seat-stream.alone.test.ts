import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";

import fc from "fast-check";
import type pg from "pg";

import { holdSeats, releaseBooking } from "../../../adapters/postgres/holds.ts";
import { showIds } from "../../../domain/ids.ts";
import type { SeatNews } from "../../../domain/seat-news.ts";
import { cuttableLink } from "../../../tests/cuttable-link.ts";
import type { CuttableLink } from "../../../tests/cuttable-link.ts";
import { openTestPool } from "../../../tests/databases.ts";
import { createEdge } from "../../../tests/edge.ts";
import type { Edge } from "../../../tests/edge.ts";
import { eventually } from "../../../tests/eventually.ts";
import { plantShow } from "../../../tests/plant-show.ts";
import { openSeatScreen } from "../../../tests/seat-screen.ts";
import type { SeatScreen } from "../../../tests/seat-screen.ts";

// Screens against PostgreSQL, whatever is lost on the way. Both stores are reached through links that a test can cut.

let edge: Edge;
let api: string;
let db: pg.Pool;
let redisLink: CuttableLink;
let databaseLink: CuttableLink;
let linked: pg.Pool | undefined;
let statements = 0;
let show: string;
let publicId: string;
const screens: SeatScreen[] = [];

beforeAll(async () => {
  const redis = new URL(process.env["REDIS_URL"] ?? "");
  redisLink = await cuttableLink({ host: redis.hostname, port: Number(redis.port) });
  const server = new URL(process.env["DATABASE_URL"] ?? "");
  databaseLink = await cuttableLink({ host: server.hostname, port: Number(server.port || 5432) });
  edge = await createEdge(
    {
      db: {
        // Counted, and through the link; the database has its name only once the edge is there.
        query: ((...query: Parameters<pg.Pool["query"]>) => {
          statements += 1;
          const url = new URL(edge.database.url);
          url.host = `127.0.0.1:${databaseLink.port}`;
          linked ??= openTestPool({ connectionString: url.href, query_timeout: 2_000 });
          return linked.query(...query);
        }) as unknown as pg.Pool["query"],
        connect: () => Promise.reject(new Error("Nothing here begins a transaction")),
      },
    },
    {
      redisUrl: `redis://127.0.0.1:${redisLink.port}`,
      graceSeconds: 0,
      streamLimits: { streamsMax: 300, addressStreamsMax: 200, waitingBytesMax: 64 * 1_024 },
    },
  );
  db = edge.database.pool;
  api = await edge.listen();
}, 60_000);
afterAll(async () => {
  await linked?.end();
  await edge.close();
  redisLink.close();
  databaseLink.close();
}, 30_000);

beforeEach(async () => {
  show = await plantShow(db, { seats: 12 });
  publicId = showIds.encode(show);
});
afterEach(() => {
  for (const screen of screens.splice(0)) screen.leave();
  redisLink.mend();
  databaseLink.mend();
});

async function watch(
  options: Parameters<typeof openSeatScreen>[2] = {},
  earlier?: SeatScreen,
): Promise<SeatScreen> {
  const screen = await openSeatScreen(api, publicId, options, earlier);
  screens.push(screen);
  return screen;
}

/** Changes the row, and says nothing. */
async function change(seatId: string, status: "available" | "blocked"): Promise<SeatNews[]> {
  const { rows } = await db.query<SeatNews>(
    `update show_seats set status = $3, version = version + 1, booking_id = null, user_id = null, held_until = null
      where show_id = $1 and seat_id = $2
      returning seat_id as "seatId", status, version, null as "heldUntilMs"`,
    [show, seatId, status],
  );
  return rows;
}

function hold(seatIds: string[], holdSeconds: number, tell = edge.tellSeats) {
  return holdSeats(
    db,
    {
      ...{ showId: show, bookingId: randomUUID(), userId: randomUUID(), seatIds },
      ...{ requestHash: "h", deadlineMs: 0, holdSeconds, graceSeconds: 0 },
    },
    tell,
  );
}

/** What the rows say at this moment, in layout order. */
async function truth(): Promise<string[]> {
  const { rows } = await db.query<{ status: string }>(
    `select case when status = 'held' and held_until <= clock_timestamp() then 'available' else status end as status
      from show_seats where show_id = $1 order by substr(seat_id, 2)::integer`,
    [show],
  );
  return rows.map(({ status }) => status);
}

/** Screens of 12 seats: whole bytes, so nothing is drawn behind the last seat. */
function isTrue(screen: SeatScreen): Promise<true | undefined | false> {
  return truth().then((rows) => rows.join() === screen.statuses().join());
}

test("a hold and its release are on the screen at once", async () => {
  const screen = await watch();
  const bookingId = randomUUID();
  await holdSeats(
    db,
    {
      ...{ showId: show, bookingId, userId: randomUUID(), seatIds: ["A1", "A2"] },
      ...{ requestHash: "h", deadlineMs: 0, holdSeconds: 600, graceSeconds: 0 },
    },
    edge.tellSeats,
  );
  const heldAt = performance.now();
  const ms = (await screen.until("A2", "held")) - heldAt;
  await releaseBooking(
    db,
    {
      ...{ showId: show, bookingId, status: "cancelled", reason: "buyer" },
      ...{ paymentsSettled: true, confirmedToo: false },
    },
    edge.tellSeats,
  );
  await screen.until("A2", "available");
  process.stdout.write(`ms from commit to screen: ${ms.toFixed(1)}\n`);
  expect(ms).toBeLessThan(1_000);
  expect(screen.count("snapshot")).toBe(1);
});

test("a warm read costs no SQL, and an unchanged one no body", async () => {
  const path = `/v1/shows/${publicId}/seats?format=bitmap`;
  const first = await edge.send("GET", path);
  const before = statements;
  for (let read = 0; read < 20; read += 1) {
    const again = await edge.send("GET", path, {
      headers: { "if-none-match": first.headers.get("etag") ?? "" },
    });
    expect([again.status, again.text]).toEqual([304, ""]);
    expect((await edge.send("GET", `/v1/shows/${publicId}/seats`)).status).toBe(200);
  }
  expect(statements).toBe(before);
});

test("a message that was lost is made good within five seconds", async () => {
  const screen = await watch();
  await change("A3", "blocked");
  const changedAt = performance.now();
  const ms = (await screen.until("A3", "blocked")) - changedAt;
  process.stdout.write(`ms until a lost message was made good: ${ms.toFixed(0)}\n`);
  expect(ms).toBeLessThan(5_000);
});

test("with Redis away screens follow by looks alone, and by news again when it is back", async () => {
  const screen = await watch();
  redisLink.cut();
  const news = await change("A4", "blocked");
  edge.tellSeats(show, news);
  const cutAt = performance.now();
  expect((await screen.until("A4", "blocked")) - cutAt).toBeLessThan(5_000);
  redisLink.mend();
  const before = screen.count("seats");
  await eventually(async () => {
    edge.tellSeats(show, await change("A5", "blocked"));
    return screen.count("seats") > before;
  });
  await eventually(() => isTrue(screen));
  expect(screen.isStale()).toBe(false);
}, 30_000);

test("with PostgreSQL away seats are shown as they were, marked as stale, and screens are told", async () => {
  const screen = await watch();
  await screen.until("A1", "available");
  databaseLink.cut();
  const answer = await eventually(async () => {
    const seats = await edge.send("GET", `/v1/shows/${publicId}/seats`);
    return seats.headers.has("stale-seconds") && seats;
  }, 20_000);
  expect(answer.status).toBe(200);
  expect(Number(answer.headers.get("stale-seconds"))).toBeGreaterThanOrEqual(10);
  await eventually(async () => screen.isStale());
  databaseLink.mend();
  await eventually(async () => !screen.isStale());
  const fresh = await edge.send("GET", `/v1/shows/${publicId}/seats`);
  expect(fresh.headers.has("stale-seconds")).toBe(false);
}, 60_000);

test("a hold ends on the screen to the second, without Redis and PostgreSQL", async () => {
  const screen = await watch();
  const held = await hold(["A6"], 2);
  if (held.outcome !== "held") throw new Error(held.code);
  await screen.until("A6", "held");
  redisLink.cut();
  databaseLink.cut();
  await screen.until("A6", "available");
  const lateMs = Date.now() - held.heldUntilMs;
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(1_000);
}, 30_000);

test("whoever comes back with the last id misses nothing, in any order of changes, losses and departures", async () => {
  const seat = fc.integer({ min: 1, max: 12 }).map((number) => `A${number}`);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), seat, lost: fc.boolean() }) }, // prettier-ignore
    { weight: 2, arbitrary: fc.record({ do: fc.constant("hold" as const), seat }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("leave" as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("return" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("repeat" as const) }) },
  );
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      show = await plantShow(db, { seats: 12 });
      publicId = showIds.encode(show);
      let screen = await watch();
      let isThere = true;
      const said: SeatNews[][] = [];
      const comeBack = async () => {
        const lastEventId = screen.lastEventId();
        screen = await watch(lastEventId === undefined ? {} : { lastEventId }, screen);
        isThere = true;
      };
      for (const one of steps) {
        if (one.do === "change") {
          const news = await change(one.seat, said.length % 2 === 0 ? "blocked" : "available");
          said.push(news);
          if (!one.lost) edge.tellSeats(show, news);
        } else if (one.do === "hold") {
          await hold([one.seat], 600);
        } else if (one.do === "leave") {
          screen.leave();
          isThere = false;
        } else if (one.do === "return" && !isThere) {
          await comeBack();
        } else if (one.do === "repeat") {
          for (const news of said.toReversed()) edge.tellSeats(show, news);
        }
      }
      if (!isThere) await comeBack();
      await eventually(() => isTrue(screen));
      if (screen.count("snapshot") === 0) resumed += 1;
      screen.leave();
    }),
    { numRuns: 12, endOnFailure: true },
  );
  expect(resumed).toBeGreaterThan(0);
}, 240_000);

test("a reader that does not read is cut; it does not fill the memory", async () => {
  const large = await plantShow(db, { seats: 100_000 });
  const socket = connect(Number(new URL(api).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    `GET /v1/shows/${showIds.encode(large)}/seats/stream HTTP/1.1\r\nhost: x\r\nx-forwarded-for: slow\r\n\r\n`,
  );
  await once(socket, "readable");
  let isCut = false;
  socket.on("close", () => (isCut = true)).on("error", () => undefined);
  const cutReaders = async () => {
    const { text } = await edge.send("GET", "/metrics");
    return Number(/^marquee_event_streams_cut_total (\d+)$/m.exec(text)?.[1]);
  };
  const before = await cutReaders();
  // Thirty kilobytes a change, into what the kernel and the process hold for one reader.
  let version = 0;
  await eventually(async () => {
    version += 1;
    const news = Array.from({ length: 600 }, (_, index): SeatNews => {
      return { seatId: `A${index + 1}`, status: "blocked", version, heldUntilMs: null };
    });
    edge.tellSeats(large, news);
    return (await cutReaders()) > before;
  }, 60_000);
  socket.resume();
  await eventually(async () => isCut);
  expect(isCut).toBe(true);
}, 90_000);

test("one address opens so many streams and no more; the refusal says when to come again", async () => {
  const limited = await createEdge(
    {},
    { streamLimits: { streamsMax: 3, addressStreamsMax: 2, waitingBytesMax: 1_000_000 } },
  );
  try {
    const base = await limited.listen();
    const id = showIds.encode(await plantShow(limited.database.pool));
    const from = (address: string) =>
      // The last one is what our own proxy has seen; before it a client may write what it likes.
      openSeatScreen(base, id, { headers: { "x-forwarded-for": `${randomUUID()}, ${address}` } });
    const refusal = async (address: string) => {
      const answer = await fetch(`${base}/v1/shows/${id}/seats/stream`, {
        headers: { "x-forwarded-for": address },
      });
      const { code } = (await answer.json()) as { code: string };
      return [answer.status, code, answer.headers.get("retry-after")];
    };
    const first = await from("10.0.0.1");
    const second = await from("10.0.0.1");
    expect(await refusal("10.0.0.1")).toEqual([429, "WATCHERS_TOO_MANY", "10"]);
    const third = await from("10.0.0.2");
    expect(await refusal("10.0.0.3")).toEqual([503, "WATCHING_FULL", "5"]);
    first.leave();
    const next = await eventually(() => from("10.0.0.1").catch(() => undefined));
    for (const screen of [second, third, next]) screen.leave();
  } finally {
    await limited.close();
  }
}, 60_000);

test("a show that is not, and a HEAD, open no stream", async () => {
  const absent = showIds.encode("00000000-0000-7000-8000-00000000dead");
  await expect(openSeatScreen(api, absent)).rejects.toThrow("404");
  const head = await fetch(`${api}/v1/shows/${publicId}/seats/stream`, { method: "HEAD" });
  expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
});

test.each([500, 2_000, 20_000, 100_000])(
  "a map of %d seats is at most 0.35 bytes a seat and 1 kB, as a body and as an event",
  async (seats) => {
    const large = showIds.encode(await plantShow(db, { seats }));
    const path = `/v1/shows/${large}/seats?format=bitmap`;
    const bytesMax = seats * 0.35 + 1_000;
    const body = await (await edge.app.request(path)).arrayBuffer();
    expect(body.byteLength).toBe(Math.ceil(seats / 4));
    expect(body.byteLength).toBeLessThan(bytesMax);
    const screen = await openSeatScreen(api, large);
    await screen.until(`A${seats}`, "available");
    expect(screen.bytes()).toBeLessThan(bytesMax);
    screen.leave();
  },
  60_000,
);
