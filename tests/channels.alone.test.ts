import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { allocateSeats } from "../adapters/postgres/allocate-seats.ts";
import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { countStatements } from "./count-statements.ts";
import { eventually } from "./eventually.ts";
import { plantBug } from "./plant-bug.ts";
import { findTooClose, keepApart, plantChannel } from "./plant-seat-rules.ts";
import { plantShow } from "./plant-show.ts";
import { openSeatScreen } from "./seat-screen.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// Who gets which seat, through the whole house.

let system: System;
let buyers: Buyer[];

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "identity"], { TRUSTED_PROXIES: "1" });
  buyers = await Promise.all(Array.from({ length: 24 }, () => system.signIn(randomUUID())));
}, 120_000);
afterAll(() => system.close(), 30_000);

const code = "OPEN-SESAME";

/** A show whose seats A1 and A2 are held back and A3 and A4 of a presale. */
async function plantPresale(times: { opensIn?: number; closesIn?: number } = {}) {
  const { pool } = system.database;
  const id = await plantShow(pool, { seats: 8 });
  await plantChannel(pool, id, { channel: "house", seatIds: ["A1", "A2"] });
  await plantChannel(pool, id, { channel: "presale", code, seatIds: ["A3", "A4"], ...times });
  return { id, showId: showIds.encode(id) };
}

/** Each has an address of their own: whoever guesses codes is known by it. */
function addressOf(buyer: Buyer | undefined): Record<string, string> {
  return { "x-forwarded-for": `203.0.113.${buyers.findIndex((one) => one === buyer) + 1}` };
}

async function order(
  buyer: Buyer | undefined,
  body: { showId: string; seatIds: string[]; channel?: string },
  channelCode?: string,
) {
  const response = await fetch(`${system.addresses.api}/v1/bookings/reserve`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", "idempotency-key": randomUUID() },
      ...{ authorization: buyer?.authorization ?? "", ...addressOf(buyer) },
      ...(channelCode !== undefined && { "channel-code": channelCode }),
    },
    body: JSON.stringify({ ...body, userId: buyer?.userId }),
  });
  const { code: refusal, details } = (await response.json()) as {
    code?: string;
    details?: { seatIds?: string[] };
  };
  return response.status === 201 ? "held" : [refusal, ...(details?.seatIds ?? [])].join(" ");
}

async function read(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${system.addresses.api}${path}`, { headers });
  const body = (await response.json()) as Record<string, unknown> & { code?: string };
  return { response, body };
}

async function statuses(path: string, headers?: Record<string, string>): Promise<string> {
  const { body } = await read(path, headers);
  const seats = body["seats"] as { status: string }[] | undefined;
  return (seats ?? []).map(({ status }) => status.charAt(0)).join("");
}

/** `npm run seats -- …` on the house's stores. */
async function seats(...call: string[]): Promise<{ exitCode: number; said: string }> {
  const child = spawn(process.execPath, ["local/seats.ts", ...call], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, NODE_OPTIONS: "", DATABASE_URL: system.database.url },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 20_000,
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  const [exitCode] = (await once(child, "close")) as [number];
  return { exitCode, said };
}

test("to everybody a kept seat is blocked; who comes through the channel sees its seats as free", async () => {
  const { showId } = await plantPresale();
  const path = `/v1/shows/${showId}/seats`;
  expect(await statuses(path)).toBe("bbbbaaaa");
  expect(await statuses(`${path}?channel=presale`, { "channel-code": "open-sesame" })).toBe(
    "bbaaaaaa",
  );
  const known = await read(`${path}?channel=presale`, { "channel-code": code });
  expect(known.response.headers.get("cache-control")).toBe("private, no-store");
  expect((await read(`${path}?channel=presale`)).body.code).toBe("CHANNEL_CODE_WRONG");
  expect((await read(`${path}?channel=house`, { "channel-code": code })).body.code).toBe(
    "CHANNEL_UNKNOWN",
  );
  const { body: show } = await read(`/v1/shows/${showId}`);
  expect(show).toMatchObject({ seatsApart: 0, channels: [{ channel: "presale", closesAt: null }] });
  expect(JSON.stringify(show)).not.toContain("house");
});

test("only the channel's buyers get its seats, nobody those that are held back; best-available offers no others", async () => {
  const { showId } = await plantPresale();
  const [asha, ben] = buyers;
  expect(await order(ben, { showId, seatIds: ["A3", "A5"] })).toBe("SEAT_HELD_BACK A3");
  const presale = { showId, channel: "presale" };
  expect(await order(ben, { ...presale, seatIds: ["A3"] }, "OPEN-SESAMI")).toBe(
    "CHANNEL_CODE_WRONG",
  );
  expect(await order(asha, { ...presale, seatIds: ["A1"] }, code)).toBe("SEAT_HELD_BACK A1");
  const best = `/v1/shows/${showId}/best-available?quantity=4`;
  expect((await read(best)).body["seatIds"]).toEqual(["A5", "A6", "A7", "A8"]);
  const through = await read(`${best}&channel=presale`, { "channel-code": code });
  expect(through.body["seatIds"]).toEqual(["A3", "A4", "A5", "A6"]);
  expect(await order(asha, { ...presale, seatIds: ["A3", "A4", "A5", "A6"] }, code)).toBe("held");
});

test("before the general sale the channel's map, best-available and the hold agree: its own seats alone", async () => {
  const { id, showId } = await plantPresale({ opensIn: -60 });
  await system.database.pool.query(
    "update shows set sales_open_at = now() + interval '2 seconds' where show_id = $1",
    [id],
  );
  const path = `/v1/shows/${showId}/seats?channel=presale`;
  const headers = { "channel-code": code };
  expect(await statuses(path, headers)).toBe("bbaabbbb");
  const screen = await openSeatScreen(system.addresses.api, showId, {
    ...{ headers, query: "?channel=presale" },
  });
  await screen.until("A3", "available");
  expect(screen.status("A5")).toBe("blocked");
  const presale = { showId, channel: "presale" };
  expect(await order(buyers[0], { ...presale, seatIds: ["A5"] }, code)).toBe("SHOW_NOT_ON_SALE A5");
  expect(await order(buyers[0], { ...presale, seatIds: ["A3"] }, code)).toBe("held");
  await screen.until("A5", "available");
  expect(await statuses(path, headers)).toBe("bbhaaaaa");
  expect(await order(buyers[0], { ...presale, seatIds: ["A5"] }, code)).toBe("held");
  screen.leave();
});

test("a thousand wrong codes: after ten nothing from there is looked at, not even the right one, and none costs SQL", async () => {
  const { showId } = await plantPresale();
  const path = `/v1/shows/${showId}/seats?channel=presale`;
  const guess = async (guessed: string, address: string) => {
    const headers = { "channel-code": guessed, "x-forwarded-for": address };
    return (await read(path, headers)).body.code ?? "let in";
  };
  expect(await guess(code, "198.51.100.7")).toBe("let in");
  const answers: string[] = [];
  const sent = await countStatements(system.database.pool, async () => {
    for (let time = 0; time < 1_000; time += 1) {
      answers.push(await guess(`GUESS-${time}-XYZ`, "198.51.100.7"));
    }
  });
  expect(Object.fromEntries(Map.groupBy(answers, String).entries().map(([answer, all]) => [answer, all.length]))).toEqual({
    CHANNEL_CODE_WRONG: 10,
    CHANNEL_CODES_TOO_MANY: 990,
  }); // prettier-ignore
  // The show is read again after half a minute.
  const calls = [...sent.values()].reduce((sum, one) => sum + one.calls, 0);
  expect(calls).toBeLessThanOrEqual(3);
  expect(await guess(code, "198.51.100.7")).toBe("CHANNEL_CODES_TOO_MANY");
  expect(await guess(code, "198.51.100.8")).toBe("let in");
  // One network of IPv6 is one guesser.
  for (let time = 0; time < 10; time += 1) await guess("WRONG-CODE", `2001:db8:1:2::${time}`);
  expect(await guess(code, "2001:db8:1:2:3::4")).toBe("CHANNEL_CODES_TOO_MANY");
  expect(await guess(code, "2001:db8:1:3::4")).toBe("let in");
}, 60_000);

test("a channel closes while everybody orders its seat: nobody gets it before, one after, and screens show it", async () => {
  const { id, showId } = await plantPresale({ opensIn: -60, closesIn: 3 });
  const screen = await openSeatScreen(system.addresses.api, showId);
  await screen.until("A3", "blocked");
  await Promise.all(
    buyers.map((buyer) =>
      eventually(async () => {
        const answer = await order(buyer, { showId, seatIds: ["A3"] });
        return answer === "held" || answer === "SEAT_TAKEN A3";
      }, 20_000),
    ),
  );
  await screen.until("A4", "available");
  const { rows } = await system.database.pool.query<{ late: number }>(
    `select extract(epoch from booking.created_at - channel.closes_at)::float8 as late
     from show_channels channel join bookings booking on booking.show_id = channel.show_id
     where channel.show_id = $1 and channel.channel = 'presale'`,
    [id],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.late).toBeGreaterThanOrEqual(0);
  screen.leave();
}, 30_000);

test("an operator releases a channel: screens show it within a second, and names what is sold", async () => {
  const { showId } = await plantPresale();
  const screen = await openSeatScreen(system.addresses.api, showId);
  expect(await order(buyers[0], { showId, seatIds: ["A3"], channel: "presale" }, code)).toBe(
    "held",
  );
  expect(await seats(showId)).toEqual({ exitCode: 0, said: "     2  house\n     2  presale\n" });
  expect(await seats(showId, "release", "presale", "A1")).toEqual({
    exitCode: 1,
    said: "2 seats changed\nheld or sold, and left as they are: A3\n",
  });
  const toldAt = performance.now();
  expect(await screen.until("A4", "available")).toBeLessThan(toldAt + 1_000);
  expect(screen.status("A1")).toBe("available");
  expect(await order(buyers[1], { showId, seatIds: ["A1", "A4"] })).toBe("held");
  expect((await seats(showId, "keep", "house", "A8")).exitCode).toBe(0);
  await screen.until("A8", "blocked");
  expect(await order(buyers[2], { showId, seatIds: ["A8"] })).toBe("SEAT_HELD_BACK A8");
  expect((await seats(showId, "release", "A9")).exitCode).toBe(2);
  screen.leave();
}, 40_000);

test("a blocked seat that is released can be bought within five seconds of its first refusal", async () => {
  const { id, showId } = await plantPresale();
  const rule = { seatId: "A5", channel: null };
  await allocateSeats(system.database.pool, id, [{ ...rule, isBlocked: true }]);
  for (let time = 0; time < 3; time += 1) {
    expect(await order(buyers[0], { showId, seatIds: ["A5"] })).toBe("SEAT_TAKEN A5");
  }
  await allocateSeats(system.database.pool, id, [{ ...rule, isBlocked: false }]);
  const releasedAt = performance.now();
  await eventually(async () => (await order(buyers[0], { showId, seatIds: ["A5"] })) === "held");
  expect(performance.now() - releasedAt).toBeLessThan(6_000);
}, 30_000);

/** A buyer for every seat of a row, at the same moment. */
async function raceForRow(): Promise<string[]> {
  const { pool } = system.database;
  const id = await plantShow(pool, { seats: buyers.length });
  await keepApart(pool, id, 1);
  const showId = showIds.encode(id);
  await Promise.all(
    buyers.map((buyer, index) => order(buyer, { showId, seatIds: [`A${index + 1}`] })),
  );
  const { rows } = await pool.query("select 1 from bookings where show_id = $1", [id]);
  expect(rows.length).toBeGreaterThan(0);
  return findTooClose(pool, id);
}

test("a buyer for every seat of a row at the same moment: nobody sits nearer than the distance", async () => {
  for (let round = 0; round < 5; round += 1) expect(await raceForRow()).toEqual([]);
}, 60_000);

test("control: unless the seats beside them are locked too, the same race seats them too close", async () => {
  const undo = await plantBug(system.database.pool, {
    slips: [
      { of: "hold_seats", from: "any(p_seat_ids || v_near)", to: "any(p_seat_ids)" },
      {
        of: "hold_seats",
        from: "cardinality(p_seat_ids || v_near)",
        to: "cardinality(p_seat_ids)",
      },
    ],
  });
  let tooClose = 0;
  for (let round = 0; round < 20 && tooClose === 0; round += 1) {
    tooClose = (await raceForRow()).length;
  }
  await undo();
  expect(tooClose).toBeGreaterThan(0);
}, 120_000);
