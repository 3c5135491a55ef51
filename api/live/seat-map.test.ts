import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { SeatNews } from "../../domain/seat-news.ts";
import { createSeatMap } from "./seat-map.ts";

const positions = new Map([["A1", 0], ["A2", 1], ["A3", 2], ["A4", 3], ["A5", 4]]); // prettier-ignore
const graceMs = 120_000;
const nowMs = 1_000_000;

/** The lives of some seats: each seat's versions in their order, some holds with a later end within the version. */
const lives = fc
  .array(
    fc.record({
      seat: fc.constantFrom(...positions.keys()),
      status: fc.constantFrom("available", "held", "booked", "blocked"),
      endsInMs: fc.integer({ min: -300_000, max: 600_000 }),
    }),
    { maxLength: 40 },
  )
  .map((changes) => {
    const versions = new Map<string, number>();
    return changes.map(({ seat, status, endsInMs }): SeatNews => {
      const version = (versions.get(seat) ?? 0) + 1;
      versions.set(seat, version);
      const heldUntilMs = status === "held" ? nowMs + endsInMs : null;
      return { seatId: seat, status: status as SeatNews["status"], version, heldUntilMs };
    });
  });

/** The same news in another order, some of it twice. */
const told = lives.chain((news) =>
  fc.record({
    news: fc.constant(news),
    heard: fc
      .subarray(news)
      .chain((twice) => fc.shuffledSubarray([...news, ...twice], { minLength: news.length + twice.length })), // prettier-ignore
  }),
);

function bitmapAfter(news: readonly SeatNews[]): number[] {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  for (const one of news) map.take([one], nowMs);
  return [...map.bitmap];
}

test("news out of order and told twice end in the same map as in order", () => {
  fc.assert(
    fc.property(told, ({ news, heard }) => {
      expect(bitmapAfter(heard)).toEqual(bitmapAfter(news));
    }),
    { numRuns: 1_000 },
  );
});

test("control: without looking at versions they do not", () => {
  const forgetful = (news: readonly SeatNews[]) =>
    bitmapAfter(news.map((one, index) => ({ ...one, version: index + 1 })));
  const found = fc.check(
    fc.property(told, ({ news, heard }) => {
      expect(forgetful(heard)).toEqual(forgetful(news));
    }),
  );
  expect(found.failed).toBe(true);
});

test("a seat that the show does not sell is blocked", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  map.take([{ seatId: "A2", status: "available", version: 0, heldUntilMs: null }], nowMs);
  expect([map.statusAt(0), map.statusAt(1)]).toEqual(["blocked", "available"]);
  expect([...map.bitmap]).toEqual([0b11_11_00_11, 0b11]);
});

test("a hold ends on the map when its grace is over, and not a millisecond before", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  const held = { seatId: "A1", status: "held", version: 1, heldUntilMs: nowMs } as const;
  expect(map.take([held], nowMs)).toEqual([0]);
  expect(map.expire(nowMs + graceMs - 1)).toEqual([]);
  expect(map.statusAt(0)).toBe("held");
  expect(map.expire(nowMs + graceMs)).toEqual([0]);
  expect(map.statusAt(0)).toBe("available");
  // The row still says held: that is no news.
  expect(map.take([held], nowMs + graceMs)).toEqual([]);
});

test("a hold that is extended after its end, before anybody took it over, is held again", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  const held = { seatId: "A1", status: "held", version: 1, heldUntilMs: nowMs } as const;
  map.take([held], nowMs);
  map.expire(nowMs + graceMs);
  const laterMs = nowMs + graceMs + 60_000;
  expect(map.take([{ ...held, heldUntilMs: laterMs }], nowMs + graceMs)).toEqual([0]);
  expect(map.statusAt(0)).toBe("held");
  expect(map.expire(laterMs + graceMs)).toEqual([0]);
});

test("an extension that comes before the hold it extends is kept", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  const held = { seatId: "A1", status: "held", version: 1, heldUntilMs: nowMs } as const;
  map.take([{ ...held, heldUntilMs: nowMs + 300_000 }], nowMs);
  map.take([held], nowMs);
  expect(map.expire(nowMs + graceMs)).toEqual([]);
});

const free = { status: "available", version: 0, heldUntilMs: null } as const;

test("a free seat of a channel is blocked to everybody else, until the channel closes", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  map.setClosings(new Map([["presale", nowMs + 1_000]]), nowMs);
  map.take([{ ...free, seatId: "A1", channel: "presale" }, { ...free, seatId: "A2", channel: "house" }], nowMs); // prettier-ignore
  expect([map.statusAt(0), map.keptFor(0)]).toEqual(["blocked", "presale"]);
  expect(map.expire(nowMs + 999)).toEqual([]);
  expect(map.expire(nowMs + 1_000)).toEqual([0]);
  expect([map.statusAt(0), map.keptFor(0)]).toEqual(["available", undefined]);
  expect([map.statusAt(1), map.keptFor(1)]).toEqual(["blocked", "house"]);
});

test("a channel that closes later than was known keeps its free seats again", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  map.setClosings(new Map([["presale", nowMs]]), nowMs);
  map.take([{ ...free, seatId: "A1", channel: "presale" }], nowMs);
  expect(map.statusAt(0)).toBe("available");
  expect(map.setClosings(new Map([["presale", nowMs + 5]]), nowMs)).toEqual([0]);
  expect([map.statusAt(0), map.expire(nowMs + 5)]).toEqual(["blocked", [0]]);
});

test("a seat of a channel that is held looks like any other, and goes back to its channel", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  map.take([{ ...free, seatId: "A1", channel: "presale" }], nowMs);
  const held = { seatId: "A1", status: "held", version: 1, heldUntilMs: nowMs } as const;
  // The news of a hold says nothing of channels.
  expect([map.take([held], nowMs), map.statusAt(0), map.keptFor(0)]).toEqual([[0], "held", undefined]); // prettier-ignore
  expect(map.expire(nowMs + graceMs)).toEqual([0]);
  expect([map.statusAt(0), map.keptFor(0)]).toEqual(["blocked", "presale"]);
});

test("news of a channel that a newer version has overtaken is made good by a look", () => {
  const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
  map.take([{ ...free, seatId: "A1", channel: "presale" }], nowMs);
  map.take([{ ...free, seatId: "A1", version: 2 }], nowMs);
  map.take([{ ...free, seatId: "A1", version: 1, channel: null }], nowMs);
  expect(map.statusAt(0)).toBe("blocked");
  expect(map.take([{ ...free, seatId: "A1", version: 2, channel: null }], nowMs)).toEqual([0]);
  expect(map.statusAt(0)).toBe("available");
});

describe("a seat for which an order is on its way", () => {
  const held = { seatId: "A1", status: "held", version: 1, heldUntilMs: nowMs + 600_000 } as const;
  const untilMs = nowMs + 4_000;

  function mapWithLock() {
    const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
    map.take([{ ...free, seatId: "A1" }], nowMs);
    expect(map.lock(["A1", "A2", "B9"], untilMs)).toEqual([0]);
    expect([map.statusAt(0), map.statusAt(1)]).toEqual(["held", "blocked"]);
    return map;
  }

  test("is shown as held until there is a hold, which lasts as long as it does", () => {
    const map = mapWithLock();
    expect(map.take([held], nowMs)).toEqual([0]);
    expect(map.expire(untilMs)).toEqual([]);
    expect(map.unlock(["A1"], nowMs)).toEqual([]);
    expect(map.statusAt(0)).toBe("held");
  });

  test("is free again when nothing came of the order, or nothing was heard of it", () => {
    const refused = mapWithLock();
    expect(refused.unlock(["A1", "A2"], nowMs)).toEqual([0]);
    const forgotten = mapWithLock();
    expect(forgotten.expire(untilMs - 1)).toEqual([]);
    expect(forgotten.expire(untilMs)).toEqual([0]);
    expect([refused.statusAt(0), forgotten.statusAt(0)]).toEqual(["available", "available"]);
  });

  test("stays so when its row is read meanwhile, which is still as it was", () => {
    const map = mapWithLock();
    expect(map.take([{ ...free, seatId: "A1" }], nowMs)).toEqual([]);
    expect(map.statusAt(0)).toBe("held");
  });

  test("and which the earlier holder extends first, is that holder's, also to those who saw nothing of the lock", () => {
    const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
    map.take([{ ...held, heldUntilMs: nowMs - graceMs }], nowMs);
    expect(map.lock(["A1"], untilMs)).toEqual([0]);
    expect(map.take([held], nowMs)).toEqual([0]);
    expect(map.expire(untilMs)).toEqual([]);
    expect(map.statusAt(0)).toBe("held");
  });

  test("is its channel's own again afterwards", () => {
    const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
    map.take([{ ...free, seatId: "A1", channel: "house" }], nowMs);
    expect(map.lock(["A1"], untilMs)).toEqual([0]);
    expect([map.statusAt(0), map.keptFor(0)]).toEqual(["held", undefined]);
    map.unlock(["A1"], nowMs);
    expect([map.statusAt(0), map.keptFor(0)]).toEqual(["blocked", "house"]);
  });

  test("belongs to the channel that was news meanwhile, once nothing has come of the order", () => {
    const map = mapWithLock();
    map.take([{ ...free, seatId: "A1", channel: "house" }], nowMs);
    expect([map.statusAt(0), map.unlock(["A1"], nowMs)]).toEqual(["held", [0]]);
    expect([map.statusAt(0), map.keptFor(0)]).toEqual(["blocked", "house"]);
  });

  test("whatever is locked and given back in between, the map ends as its rows are", () => {
    const locks = fc.array(fc.constantFrom(...positions.keys()), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(told, locks, ({ heard }, seats) => {
        const map = createSeatMap(positions.size, (seatId) => positions.get(seatId), graceMs);
        heard.forEach((one, index) => {
          map.lock([seats[index % seats.length] ?? ""], untilMs);
          map.take([one], nowMs);
        });
        map.unlock([...positions.keys()], nowMs);
        expect([...map.bitmap]).toEqual(bitmapAfter(heard));
      }),
      { numRuns: 1_000 },
    );
  });
});
