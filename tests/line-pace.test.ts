import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { holdSeats } from "../adapters/postgres/holds.ts";
import { DomainError } from "../domain/errors.ts";
import { showIds } from "../domain/ids.ts";
import type { SeatNews } from "../domain/seat-news.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import { watchLateness } from "../platform/watch-lateness.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { plantLine } from "./plant-line.ts";
import { plantShow } from "./plant-show.ts";
import { startRedis } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";

type Buyer = Awaited<ReturnType<Edge["signIn"]>>;

const paymentsPerSecondMax = 2;
let edge: Edge;
let servers: RedisServers;
let areCheckoutsAway = false;
let checkoutsAnswer = Promise.resolve();
/** Looked at by one test: a busy machine is not what the others are about. */
let isLatenessFelt = false;

beforeAll(async () => {
  servers = await startRedis();
  const latenessMs = watchLateness();
  edge = await createEdge(
    {
      checkouts: {
        async reserve(request) {
          if (areCheckoutsAway) throw new DomainError("UNAVAILABLE");
          await checkoutsAnswer;
          const times = { holdSeconds: 600, graceSeconds: 120 };
          return holdSeats(edge.database.pool, { ...request, ...times }, edge.tellSeats);
        },
      },
    },
    {
      ...{ redisUrl: servers.url, paymentsPerSecondMax },
      latenessMs: () => (isLatenessFelt ? latenessMs() : 0),
    },
  );
}, 60_000);
afterAll(async () => {
  await edge.close();
  await servers.close();
}, 30_000);
beforeEach(() => {
  areCheckoutsAway = false;
  checkoutsAnswer = Promise.resolve();
  isLatenessFelt = false;
});

test("people are called a few at a time, and not a second's worth at once: who is called together orders together", async () => {
  const show = await openLine();
  await joinMany(show, 40);
  const served = () => edge.lines.of(show)?.view().served ?? 0;
  const first = served();
  const moves = new Set<number>();
  await eventually(async () => moves.add(served()) && served() >= first + 8, 15_000);
  // With one turn a second it would be two people each time, and five moves.
  expect(moves.size).toBeGreaterThanOrEqual(6);
}, 30_000);

describe("how fast people are called is decided by", () => {
  test("the budget at the payment provider, while all is well", async () => {
    const show = await openLine();
    await joinMany(show, 20);
    await eventually(async () => limitOf(show) === "payments");
    expect(flowOf(show)).toMatchObject({ freeSeats: 50, insideMax: 30 });
    // It may be half of it on a machine that is busy, and is never more.
    expect(flowOf(show)?.callsPerSecondMax).toBeLessThanOrEqual(paymentsPerSecondMax);
  });

  test("the seats: some who choose for those that are free, and who holds the others; nobody when all are sold", async () => {
    const show = await openLine({ seats: 2 });
    const [buyer] = await joinMany(show, 6);
    await eventually(async () => limitOf(show) === "seats");
    expect(flowOf(show)).toMatchObject({ freeSeats: 2, heldSeats: 0, insideMax: 4 });
    expect(await reserve(show, buyer, "A1")).toMatchObject({ status: 201 });
    await eventually(async () => flowOf(show)?.insideMax === 3);
    expect(flowOf(show)).toMatchObject({ freeSeats: 1, heldSeats: 1, limitedBy: "seats" });
    await sellAll(show);
    await eventually(async () => flowOf(show)?.insideMax === 0);
    expect(limitOf(show)).toBe("seats");
  });

  test("the organiser, who is slower or wants a pause", async () => {
    const show = await openLine({ callsPerMinuteMax: 30 });
    await joinMany(show, 6);
    await eventually(async () => limitOf(show) === "organiser");
    expect(flowOf(show)?.callsPerSecondMax).toBe(0.5);
    await edge.database.pool.query("update show_lines set is_paused = true where show_id = $1", [
      show,
    ]);
    await eventually(async () => limitOf(show) === "paused");
    expect(flowOf(show)?.callsPerSecondMax).toBe(0);
  });

  test("the checkouts, as long as they are away", async () => {
    const show = await openLine();
    const [buyer] = await joinMany(show, 40);
    areCheckoutsAway = true;
    await eventually(async () => {
      expect((await reserve(show, buyer, "A1")).status).toBe(503);
      return limitOf(show) === "checkouts";
    });
    expect(flowOf(show)?.callsPerSecondMax).toBeLessThan(paymentsPerSecondMax);
  });

  test("orders of those who are inside, while sixteen wait for their turn: then nobody is called", async () => {
    const show = await openLine();
    const [buyer] = await joinMany(show, 40);
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    checkoutsAnswer = promise;
    // As many as are with the checkouts at once, and as many behind them.
    const seats = Array.from({ length: 32 }, (_, index) => `A${index + 1}`);
    const orders = seats.map((seat) => reserve(show, buyer, seat));
    await eventually(async () => flowOf(show)?.callsPerSecondMax === 0);
    expect(limitOf(show)).toBe("checkouts");
    answer();
    await eventually(async () => (flowOf(show)?.callsPerSecondMax ?? 0) > 0);
    await Promise.all(orders);
  });

  test("this process, while it is too busy to be in time", async () => {
    const show = await openLine();
    await joinMany(show, 40);
    isLatenessFelt = true;
    await eventually(async () => {
      // Longer than a turn: whatever is due in it comes late.
      const until = performance.now() + 1_500;
      while (performance.now() < until);
      return limitOf(show) === "load";
    });
    expect(flowOf(show)?.callsPerSecondMax).toBeLessThan(paymentsPerSecondMax);
  }, 30_000);

  // The last one: it makes the others slow.
  test("the payment provider, as long as it wants to be left alone", async () => {
    const show = await openLine();
    const [buyer] = await joinMany(show, 40);
    const { body: booking } = await reserve(show, buyer, "A1");
    const stripe = controlSandbox(edge.stripeUrl);
    await stripe.fault({ route: "POST /v1/payment_intents", kind: "429", retryAfter: 20 });
    const paths = `/v1/bookings/${String(booking["bookingId"])}/payments`;
    const asked = { json: {}, headers: { ...buyer?.headers, "idempotency-key": randomUUID() } };
    expect(await edge.send("POST", paths, asked)).toMatchObject({ status: 503 });
    // The test before this one has made the process late, which it may still have to get over.
    const isSlow = () => (flowOf(show)?.callsPerSecondMax ?? 2) < 0.5;
    await eventually(async () => isSlow() && limitOf(show) === "payments", 15_000);
  }, 30_000);
});

function flowOf(show: string) {
  return edge.lines.of(show)?.flow();
}

function limitOf(show: string) {
  return flowOf(show)?.limitedBy;
}

async function openLine({
  seats = 50,
  callsPerMinuteMax = null,
}: { seats?: number; callsPerMinuteMax?: number | null } = {}): Promise<string> {
  const show = await plantShow(edge.database.pool, { seats });
  await plantLine(edge.database.pool, show, { callsPerMinuteMax });
  await eventually(async () => edge.lines.of(show) !== undefined);
  return show;
}

/** In the order in which they came; the first has a pass. */
async function joinMany(show: string, count: number): Promise<(Buyer & { pass: string })[]> {
  const path = `/v1/shows/${showIds.encode(show)}/line`;
  const buyers = [];
  for (let joined = 0; joined < count; joined += 1) {
    const { userId, headers } = await edge.signIn();
    const { body } = await edge.send("POST", path, { headers });
    buyers.push({ userId, headers: { ...headers, "line-place": String(body["place"]) }, pass: "" });
  }
  const [first] = buyers;
  if (first === undefined) return [];
  first.pass = await eventually(async () => {
    const { status, body } = await edge.send("POST", `${path}/pass`, { headers: first.headers });
    return status === 200 && String(body["pass"]);
  });
  return buyers;
}

async function reserve(show: string, buyer: (Buyer & { pass: string }) | undefined, seat: string) {
  return edge.send("POST", "/v1/bookings/reserve", {
    json: { showId: showIds.encode(show), seatIds: [seat], userId: buyer?.userId },
    headers: {
      ...buyer?.headers,
      ...{ "idempotency-key": randomUUID(), "line-pass": buyer?.pass ?? "" },
    },
  });
}

async function sellAll(show: string): Promise<void> {
  const { rows } = await edge.database.pool.query<SeatNews>(
    `update show_seats set status = case status when 'held' then 'booked' else 'blocked' end, held_until = null, version = version + 1
       where show_id = $1 returning seat_id as "seatId", status, version, null as "heldUntilMs"`,
    [show],
  );
  edge.tellSeats(show, rows);
}
