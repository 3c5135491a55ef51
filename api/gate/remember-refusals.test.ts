import { expect, jest, test } from "@jest/globals";

import type { SeatLock, SeatLockOutcome, SeatLocks } from "../../adapters/redis/seat-locks.ts";
import { rememberRefusals } from "./remember-refusals.ts";

/** Redis with these locks, that counts what it is asked. */
function createLocks(owners: Record<string, string>) {
  const asked: SeatLock[] = [];
  const take = async (lock: SeatLock): Promise<SeatLockOutcome> => {
    asked.push(lock);
    const taken = lock.seatIds.flatMap((seatId) => {
      const owner = owners[seatId];
      return owner === undefined || owner === lock.bookingId ? [] : [{ seatId, owner }];
    });
    if (taken.length > 0) return { outcome: "refused", taken, areas: [] };
    return { outcome: "taken", newSeatIds: lock.seatIds };
  };
  const locks: SeatLocks = {
    take,
    release: async () => undefined,
    owners: async () => [],
    correct: async () => undefined,
  };
  return { asked, owners, locks };
}

const order = (bookingId: string, ...seatIds: string[]) => ({ showId: "show", bookingId, seatIds });
const hers = { outcome: "refused", taken: [{ seatId: "A1", owner: "asha" }], areas: [] };

test("a crowd in front of one seat costs one question in a quarter of a second", async () => {
  jest.useFakeTimers();
  try {
    const redis = createLocks({ A1: "asha" });
    const { take } = rememberRefusals(redis.locks);
    for (let time = 0; time < 100; time += 1) expect(await take(order("ben", "A1"))).toEqual(hers);
    expect(redis.asked).toHaveLength(1);
    jest.advanceTimersByTime(249);
    await take(order("ben", "A1"));
    expect(redis.asked).toHaveLength(1);
    jest.advanceTimersByTime(1);
    redis.owners["A1"] = "ben";
    expect(await take(order("ben", "A1"))).toMatchObject({ outcome: "taken" });
  } finally {
    jest.useRealTimers();
  }
});

test("its owner passes, and so do other seats and the same seat of another show", async () => {
  const redis = createLocks({ A1: "asha" });
  const { take } = rememberRefusals(redis.locks);
  await take(order("ben", "A1", "A2"));
  expect(await take(order("ben", "A2", "A1"))).toEqual(hers);
  expect(redis.asked).toHaveLength(1);
  expect(await take(order("asha", "A1"))).toMatchObject({ outcome: "taken" });
  expect(await take(order("ben", "A2"))).toMatchObject({ outcome: "taken" });
  await take({ ...order("ben", "A1"), showId: "another" });
  expect(redis.asked).toHaveLength(4);
});

test("what this process gives back it does not refuse", async () => {
  const redis = createLocks({ A1: "asha" });
  const { take, release } = rememberRefusals(redis.locks);
  await take(order("ben", "A1"));
  delete redis.owners["A1"];
  await release(order("asha", "A1"));
  expect(await take(order("ben", "A1"))).toMatchObject({ outcome: "taken" });
});

test("no more seats are remembered than allowed", async () => {
  const redis = createLocks({ A1: "asha", A2: "asha", A3: "asha" });
  const { take } = rememberRefusals(redis.locks, { seatsMax: 2 });
  for (const seatId of ["A1", "A2", "A3", "A1", "A3"]) await take(order("ben", seatId));
  expect(redis.asked.map(({ seatIds }) => seatIds[0])).toEqual(["A1", "A2", "A3", "A1"]);
});
