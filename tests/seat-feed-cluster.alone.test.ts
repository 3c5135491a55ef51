import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import type { SeatNews } from "../domain/seat-news.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startRedisCluster } from "./redis-servers.ts";
import type { RedisServers } from "./redis-servers.ts";
import { openSeatScreen } from "./seat-screen.ts";
import type { SeatScreen } from "./seat-screen.ts";

// The channel of a show lives on one node of a cluster, and goes and comes back with it.

let redis: RedisServers;
let edge: Edge;
/** One on each node. */
let shows: { id: string; screen: SeatScreen }[];

beforeAll(async () => {
  redis = await startRedisCluster();
  edge = await createEdge({}, { redisUrl: redis.url });
  const api = await edge.listen();
  shows = [];
  for (const id of await redis.showOnEach()) {
    await plantShow(edge.database.pool, { showId: id, seats: 12 });
    shows.push({ id, screen: await openSeatScreen(api, showIds.encode(id)) });
  }
}, 120_000);
afterAll(async () => {
  for (const { screen } of shows) screen.leave();
  await edge.close();
  await redis.close();
}, 30_000);

let version = 1_000;

/** News of what no row says: it gets to a screen by the feed or not at all, because looks find an older version. */
function tell(showId: string, seatId: string): void {
  version += 1;
  edge.tellSeats(showId, [{ seatId, status: "blocked", version, heldUntilMs: null }]);
}

/** How long such news took. */
async function msToScreen({ id, screen }: (typeof shows)[number], seatId: string): Promise<number> {
  const toldAt = performance.now();
  tell(id, seatId);
  return (await screen.until(seatId, "blocked")) - toldAt;
}

/** Changes the row, and tells. */
async function block(showId: string, seatId: string): Promise<void> {
  const { rows } = await edge.database.pool.query<SeatNews>(
    `update show_seats set status = 'blocked', version = version + 1
      where show_id = $1 and seat_id = $2
      returning seat_id as "seatId", status, version, null as "heldUntilMs"`,
    [showId, seatId],
  );
  edge.tellSeats(showId, rows);
}

function showOn(node: number) {
  const show = shows[node];
  if (show === undefined) throw new Error(`No show on node ${node}`);
  return show;
}

test("on a cluster of three nodes news of the shows of each reach their screens", async () => {
  for (const show of shows) expect(await msToScreen(show, "A1")).toBeLessThan(1_000);
}, 20_000);

test("a node is killed: its shows go on by looks within five seconds, and the others keep their news", async () => {
  await redis.kill(2);
  const lost = showOn(2);
  for (const seatId of ["A2", "A3", "A4"]) {
    await block(lost.id, seatId);
    const blockedAt = performance.now();
    for (const node of [0, 1]) {
      expect(await msToScreen(showOn(node), seatId)).toBeLessThan(1_000);
    }
    const ms = (await lost.screen.until(seatId, "blocked")) - blockedAt;
    process.stdout.write(`ms until a change on a dead node was looked up: ${ms.toFixed(0)}\n`);
    expect(ms).toBeLessThan(5_000);
  }
}, 40_000);

test("the node is back: its shows have news again, and the others never missed theirs", async () => {
  await redis.start(2);
  const startedAt = performance.now();
  const { id, screen } = showOn(2);
  await eventually(async () => {
    tell(id, "A5");
    return screen.status("A5") === "blocked";
  }, 20_000);
  process.stdout.write(
    `ms until a node that came back had news: ${(performance.now() - startedAt).toFixed(0)}\n`,
  );
  for (const show of shows) expect(await msToScreen(show, "A6")).toBeLessThan(1_000);
}, 40_000);
