import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { kendall } from "../../bench/kendall-of-intervals.ts";
import { eventually } from "../../tests/eventually.ts";
import { startRedis } from "../../tests/redis-servers.ts";
import type { RedisServers } from "../../tests/redis-servers.ts";
import { createRedis } from "./create-redis.ts";
import type { RedisClient } from "./create-redis.ts";
import { createLineStore } from "./line.ts";
import type { LineState, LineStore, LineTurn } from "./line.ts";

let servers: RedisServers;
let clients: RedisClient[];
let lines: LineStore[];
let line: LineStore;
let show: { showId: string; drawAtMs: number };

beforeAll(async () => {
  servers = await startRedis();
  clients = [1, 2, 3].map(() =>
    createRedis({ redisUrl: servers.url, component: "line-test", onError: () => undefined }),
  );
  await eventually(async () => clients.every(({ status }) => status === "ready"));
  lines = clients.map(createLineStore);
  line = lineOf(0);
}, 60_000);
afterAll(async () => {
  for (const client of clients) client.disconnect();
  await servers.close();
}, 30_000);

beforeEach(async () => {
  // Drawn long ago: from here on it is first come, first served.
  show = { showId: randomUUID(), drawAtMs: 0 };
  await open();
});

describe("a place", () => {
  test("goes to one person once, in the order in which they come", async () => {
    const people = [randomUUID(), randomUUID(), randomUUID()];
    const entries = [];
    for (const person of [...people, ...people]) entries.push(await join(person));
    expect(entries).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("is one even when a person asks twenty times at once, in three processes", async () => {
    const person = randomUUID();
    const entries = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => join(person, lineOf(index % 3))),
    );
    expect(new Set(entries)).toEqual(new Set([1]));
    expect(await join(randomUUID())).toBe(2);
  });

  test("that is given back is somebody else's turn, and its person comes in at the end", async () => {
    const people = await joinMany(3);
    await line.leave(show, { person: people[0] ?? "", entry: 1, number: 1 });
    expect(await turn({ insideMax: 1 })).toMatchObject({ served: 2, inside: 1 });
    expect(await join(people[0] ?? "")).toBe(4);
  });

  test("is not lost by giving back an older one of the same person", async () => {
    const person = (await joinMany(1))[0] ?? "";
    await line.leave(show, { person, entry: 1, number: 1 });
    expect(await join(person)).toBe(2);
    await line.leave(show, { person, entry: 1, number: 1 });
    expect(await join(person)).toBe(2);
    expect(await turn({})).toMatchObject({ served: 2, inside: 1 });
  });

  test("is given only as far as entries are allowed", async () => {
    show = { showId: randomUUID(), drawAtMs: 0 };
    await open({ entriesMax: 2 });
    await joinMany(2);
    const wish = { person: randomUUID() };
    expect(await line.join(show, wish)).toEqual({ outcome: "full" });
    await open({ entriesBefore: 2, entriesMax: 4 });
    expect(await line.join(show, wish)).toEqual({ outcome: "joined", entry: 3 });
  });
});

describe("the draw", () => {
  test("is among those who came before its time, and nobody else", async () => {
    show = { showId: randomUUID(), drawAtMs: Date.now() + 400 };
    await open();
    await joinMany(5);
    expect(await turn({ insideMax: 100 })).toMatchObject({ drawn: null, inside: 0 });
    await eventually(async () => (await turn({ insideMax: 0 })).drawn !== null);
    await joinMany(2);
    expect(await turn({ insideMax: 0 })).toMatchObject({ drawn: 5, joined: 7 });
  });

  test("has each person once, also who leaves and comes back", async () => {
    show = { showId: randomUUID(), drawAtMs: Date.now() + 60_000 };
    await open();
    const person = randomUUID();
    for (let time = 0; time < 3; time += 1) {
      expect(await join(person)).toBe(1);
      await line.leave(show, { person, entry: 1, number: null });
    }
    expect(await turn({})).toMatchObject({ joined: 1 });
  });

  test("fixes its number once, whoever comes first after its time, and in how many processes", async () => {
    show = { showId: randomUUID(), drawAtMs: Date.now() + 300 };
    await open();
    await joinMany(10);
    const seen = new Set<number>();
    await eventually(async () => {
      await Promise.all(lines.map((each) => joinMany(3, each)));
      for (const { drawn } of await Promise.all(lines.map((each) => turn({}, each)))) {
        if (drawn !== null) seen.add(drawn);
      }
      return seen.size > 0;
    });
    await Promise.all(lines.map((each) => joinMany(3, each)));
    seen.add((await turn({})).drawn ?? 0);
    expect(seen.size).toBe(1);
  });
});

describe("a turn", () => {
  test("calls people by their numbers, as many as there is room for", async () => {
    const people = await joinMany(10);
    expect(await turn({ insideMax: 4 })).toMatchObject({ served: 4, inside: 4 });
    expect(await turn({ insideMax: 4 })).toMatchObject({ served: 4, inside: 4 });
    expect(await enter(people, 4)).toMatchObject({ outcome: "inside" });
    expect(await enter(people, 5)).toEqual({ outcome: "waiting" });
  });

  test("never lets one too many in, however many processes call at once", async () => {
    await joinMany(500);
    for (let round = 0; round < 50; round += 1) {
      const states = await Promise.all(
        lines.flatMap((each) => [turn({ insideMax: 20 }, each), turn({ insideMax: 20 }, each)]),
      );
      for (const { inside } of states) expect(inside).toBeLessThanOrEqual(20);
      const { served } = await turn({ insideMax: 20 });
      const number = served - (round % 20);
      await line.leave(show, { person: randomUUID(), entry: number, number });
    }
    expect(await clientOf(0).zcard(`line:{${show.showId}}:inside`)).toBeLessThanOrEqual(20);
  });

  test("control: processes that count those inside and let in by turns let too many in", async () => {
    const inside = `line:{${show.showId}}:counted`;
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        const client = clientOf(number % 3);
        if ((await client.zcard(inside)) < 20) await client.zadd(inside, 1, String(number));
      }),
    );
    expect(await clientOf(0).zcard(inside)).toBeGreaterThan(20);
  });

  test("takes people in the order of their numbers, whoever calls, joins and leaves meanwhile", async () => {
    await joinMany(300);
    const calledIn: number[] = [];
    for (let round = 0; calledIn.length < 1_000; round += 1) {
      const process = lineOf(round % 3);
      const before = new Set(await insideNow());
      await Promise.all([
        turn({ insideMax: 3 }, process),
        turn({ insideMax: 3 }, lineOf((round + 1) % 3)),
      ]);
      const called = (await insideNow()).filter((number) => !before.has(number));
      // Within a turn they come in as they like.
      calledIn.push(...called.toSorted(() => (round % 2) - 0.5));
      for (const number of await insideNow()) {
        await line.leave(show, { person: randomUUID(), entry: number, number });
      }
      await joinMany(3, process);
    }
    const admissions = calledIn.map((rank, at) => ({ rank, notBefore: at, by: at }));
    expect(kendall(admissions).tau).toBeGreaterThan(0.99);
    expect(calledIn).not.toEqual(calledIn.toSorted((a, b) => a - b));
  });

  test("passes over those who are gone", async () => {
    await joinMany(5);
    await forgetPresence();
    const called = { served: 5, inside: 2, calledInAll: 2 };
    expect(await turn({ insideMax: 2, present: [3, 5] })).toMatchObject(called);
  });

  test("waits for the opening, begins with half a second's worth, and calls no faster than it is told", async () => {
    await joinMany(10);
    const admitFromMs = Date.now() + 60_000;
    expect(await turn({ admitFromMs })).toMatchObject({ served: 0, inside: 0 });
    expect(await turn({ callsPerSecond: 6 })).toMatchObject({ served: 3, inside: 3 });
    expect(await turn({ callsPerSecond: 6 })).toMatchObject({ served: 3, inside: 3 });
  });

  test("begins with half a second's worth also when nobody was there at the opening", async () => {
    await turn({ callsPerSecond: 400 });
    await joinMany(300);
    expect(await turn({ callsPerSecond: 400 })).toMatchObject({ served: 200, inside: 200 });
  });

  test.each([0, 1])("begins with %d, where that is a second's worth", async (callsPerSecond) => {
    await joinMany(10);
    const called = { served: callsPerSecond, inside: callsPerSecond };
    expect(await turn({ callsPerSecond })).toMatchObject(called);
  });

  test("looks at 2,000 places at the most, and at three a millisecond however many turns there are", async () => {
    await joinMany(3);
    await clientOf(0).hset(`line:{${show.showId}}:state`, "joined", 4_500, "max", 9_000);
    const last = await join(randomUUID());
    await forgetPresence();
    const first = await turn({ present: [last] });
    expect(first).toMatchObject({ served: 2_000, inside: 0 });
    for (const process of [0, 1, 2, 0, 1, 2]) {
      const { served, nowMs } = await turn({}, lineOf(process));
      expect(served - 2_000).toBeLessThanOrEqual(3 * (nowMs - first.nowMs));
    }
    const passed = await eventually(async () => {
      const state = await turn({});
      return state.served === 4_501 && state;
    });
    expect(passed.inside).toBe(1);
  });

  test("gives the room of those who do not come, or whose time is over, to the next", async () => {
    await joinMany(3);
    await turn({ insideMax: 1, callMs: 50 });
    await eventually(async () => (await turn({ insideMax: 1 })).served === 2);
    expect(await turn({ insideMax: 1 })).toMatchObject({ served: 2, inside: 1 });
  });
});

describe("a pass", () => {
  test("is renewed while it lives; who has left or bought is told to every process", async () => {
    const people = await joinMany(3);
    await turn({ insideMax: 3 });
    await enter(people, 1);
    await enter(people, 2);
    const { nowMs } = await turn({});
    expect(await line.renew(show, 1, 120_000)).toMatchObject({ outcome: "inside" });
    await line.finish(show, people[0] ?? "");
    await line.leave(show, { person: people[1] ?? "", entry: 2, number: 2 });
    expect(await line.renew(show, 1, 120_000)).toEqual({ outcome: "ended" });
    const { ended, inside } = await turn({ endedSinceMs: nowMs }, lineOf(2));
    expect({ ended: new Set(ended), inside }).toEqual({ ended: new Set([1, 2]), inside: 1 });
  });

  test("lives half an hour at the most, however its person asks for more", async () => {
    const people = await joinMany(1);
    await turn({});
    const first = await enter(people, 1);
    const again = await enter(people, 1);
    if (first.outcome !== "inside" || again.outcome !== "inside") throw new Error("not inside");
    expect(again.sinceMs).toBe(first.sinceMs);
    const place = { person: people[0] ?? "", entry: 1, number: 1 };
    // To look gives no time.
    expect(await line.enter(show, place, { userId: place.person, insideMs: 0 })).toEqual(again);
    await clientOf(0).hset(
      ...([`line:{${show.showId}}:places`, bytesOf(place.person)] as const),
      `1:1:${first.sinceMs - 30 * 60_000 - 1_000}:${bytesOf(place.person).toString("hex")}`,
    );
    expect(await enter(people, 1)).toEqual({ outcome: "missed" });
  });

  test("that has run out is not renewed", async () => {
    await joinMany(1);
    await turn({ callMs: 20 });
    await eventually(async () => (await turn({})).inside === 0);
    expect(await line.renew(show, 1, 120_000)).toEqual({ outcome: "ended" });
  });

  test("of somebody who was called and did not come is missed: they take a new place", async () => {
    const people = await joinMany(2);
    await turn({ callMs: 20 });
    await eventually(async () => (await turn({})).inside === 0);
    expect(await enter(people, 1)).toEqual({ outcome: "missed" });
    expect(await line.join(show, { person: people[0] ?? "", instead: 1 })).toEqual({
      outcome: "joined",
      entry: 3,
    });
  });

  test("for a guest's place goes to one user, who has no other, and ends when that user has bought", async () => {
    const guests = await joinMany(3);
    const [user, another] = [randomUUID(), randomUUID()];
    const placeOf = (number: number) => ({
      person: guests[number - 1] ?? "",
      entry: number,
      number,
    });
    await turn({});
    expect(await line.enter(show, placeOf(1), wishOf(user))).toMatchObject({ outcome: "inside" });
    expect(await line.enter(show, placeOf(1), wishOf(another))).toMatchObject({
      outcome: "replaced",
    });
    expect(await line.enter(show, placeOf(2), wishOf(user))).toEqual({
      ...{ outcome: "replaced", entry: 1 },
    });
    await line.finish(show, user);
    expect(await line.renew(show, 1, 120_000)).toEqual({ outcome: "ended" });
    expect(await turn({})).toMatchObject({ inside: 2 });
  });

  test("goes to one place of a person: an older one is replaced", async () => {
    const people = await joinMany(2);
    await turn({});
    const older = { person: people[0] ?? "", entry: 2, number: 2 };
    expect(await line.enter(show, older, wishOf(older.person))).toEqual({
      ...{ outcome: "replaced", entry: 1 },
    });
  });

  test("finishing somebody who is in no line does nothing", async () => {
    const nobodysShow = { showId: randomUUID() };
    await line.finish(nobodysShow, randomUUID());
    expect(await clientOf(0).keys(`line:{${nobodysShow.showId}}:*`)).toEqual([]);
  });
});

describe("a line that is lost", () => {
  const losses = {
    "with everything": () => clientOf(0).flushall(),
    "for an older copy of itself, of a server that was started again": () =>
      clientOf(0).hset(`line:{${show.showId}}:state`, "run", "of another server", "joined", 3),
  };
  test.each(Object.entries(losses))(
    "%s: gives no entry twice, and calls nobody while old passes live",
    async (_how, lose) => {
      const people = await joinMany(8);
      await turn({ insideMax: 2 });
      await enter(people, 1);
      await enter(people, 2);
      await lose();

      expect(await line.join(show, { person: randomUUID() })).toEqual({ outcome: "lost" });
      expect(await line.turn(show, anyTurn)).toBe("lost");
      expect(await enter(people, 1)).toEqual({ outcome: "lost" });
      expect(await line.renew(show, 1, 120_000)).toEqual({ outcome: "lost" });

      await open({ entriesBefore: 10, entriesMax: 20, served: 1, quietMs: 300 });
      expect(await line.renew(show, 2, 120_000)).toMatchObject({ outcome: "inside" });
      const third = { person: people[2] ?? "", signed: 3 };
      expect(await line.join(show, third)).toEqual({ outcome: "joined", entry: 3 });
      expect(await join(randomUUID())).toBe(11);
      expect(await turn({ insideMax: 2, present: [1, 2, 3, 4] })).toMatchObject({ inside: 1 });
      // The first did not renew: the third is next, after the second, who is inside.
      await eventually(async () => (await turn({ insideMax: 2 })).served >= 2);
      expect(await turn({ insideMax: 2 })).toMatchObject({ inside: 2 });
    },
  );
});

test("a person takes less than 150 bytes, and joining takes as many commands with 100,000 before", async () => {
  const before = await usedMemory();
  await open({ entriesMax: 200_000 });
  // The first one fixes the draw.
  await joinMany(1);
  const few = await commandsOfJoining(200);
  // So few at once that each is answered within the client's second on a busy machine too.
  for (let round = 0; round < 499; round += 1) await joinMany(200);
  expect(await commandsOfJoining(200)).toBe(few);
  expect(((await usedMemory()) - before) / 100_000).toBeLessThan(150);
}, 60_000);

/** What the script asks of Redis: each of these takes as long in a large hash as in a small one. */
async function commandsOfJoining(count: number): Promise<number> {
  await clientOf(0).call("CONFIG", "RESETSTAT");
  await joinMany(count);
  const stats = await clientOf(0).info("commandstats");
  const commands = ["hget", "hset", "hincrby", "setbit", "expire", "evalsha"];
  return commands.reduce((sum, name) => {
    const calls = new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1];
    return sum + Number(calls ?? 0);
  }, 0);
}

async function insideNow(): Promise<number[]> {
  return (await clientOf(0).zrange(`line:{${show.showId}}:inside`, "0", "-1")).map(Number);
}

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await clientOf(0).info("memory"))?.[1]);
}

function lineOf(process: number): LineStore {
  const each = lines[process];
  if (each === undefined) throw new Error("no such process");
  return each;
}

function clientOf(process: number): RedisClient {
  const each = clients[process];
  if (each === undefined) throw new Error("no such process");
  return each;
}

async function open(from: Partial<Parameters<LineStore["restore"]>[1]> = {}): Promise<void> {
  await line.restore(show, {
    ...{ entriesBefore: 0, entriesMax: 10_000, served: 0, drawn: null, quietMs: 0 },
    ...from,
  });
}

async function join(person: string, via = line): Promise<number> {
  const joined = await via.join(show, { person });
  if (joined.outcome !== "joined") throw new Error(joined.outcome);
  return joined.entry;
}

/** Returns the people in the order of their entries. */
async function joinMany(count: number, via = line): Promise<string[]> {
  const people = Array.from({ length: count }, () => randomUUID());
  await Promise.all(people.map((person) => join(person, via)));
  return people;
}

async function enter(people: string[], number: number) {
  const person = people[number - 1] ?? "";
  return line.enter(show, { person, entry: number, number }, wishOf(person));
}

const anyTurn: LineTurn = {
  ...{ present: [], admitFromMs: 0, insideMax: 1_000, callsPerSecond: 10_000 },
  ...{ callMs: 120_000, endedSinceMs: Number.MAX_SAFE_INTEGER },
};

async function turn(wishes: Partial<LineTurn>, via = line): Promise<LineState> {
  const state = await via.turn(show, { ...anyTurn, ...wishes });
  if (state === "lost") throw new Error("lost");
  return state;
}

function wishOf(userId: string) {
  return { userId, insideMs: 120_000 };
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

async function forgetPresence(): Promise<void> {
  const keys = await clientOf(0).keys(`line:{${show.showId}}:present:*`);
  await clientOf(0).del(...keys);
}
