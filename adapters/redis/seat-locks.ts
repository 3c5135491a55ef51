import type { Result } from "ioredis";

import type { WantedPlaces } from "../../domain/hold.ts";
import { areaOfPlace } from "../../domain/places.ts";
import type { RedisClient } from "./create-redis.ts";
import { inTime } from "./in-time.ts";

/**
 * `taken` for this booking: `newSeatIds` are those that it did not have before. `refused` because others, who are named by their
 * bookings, have some of the seats, or so many of an area's candidates that too few are left. `unknown` because Redis did not
 * answer within 50 ms.
 */
export type SeatLockOutcome =
  | { outcome: "taken"; newSeatIds: string[] }
  | { outcome: "refused"; taken: { seatId: string; owner: string }[]; areas: string[] }
  | { outcome: "unknown" };

export type SeatLocks = {
  /**
   * All of the seats, and so many of each area's candidates: the first that nobody has. A booking that has places already is let
   * pass with those. Without seats and places Redis is not asked.
   */
  take(lock: SeatLock & { places?: WantedPlaces[] }): Promise<SeatLockOutcome>;
  release(lock: SeatLock): Promise<void>;
  /** Who has each seat, in the order of `seatIds`; null: nobody. Throws when Redis is away. */
  owners(show: { showId: string; seatIds: string[] }): Promise<(string | null)[]>;
  /** Gives a lock to `to`, or to nobody, where it still is as it was seen. Throws when Redis is away. */
  correct(show: { showId: string; corrections: LockCorrection[] }): Promise<void>;
};

export type SeatLock = { showId: string; bookingId: string; seatIds: string[] };
export type LockCorrection = { seatId: string; from: string | null; to: string | null };

/**
 * A cheap early "no" in front of PostgreSQL: one key a seat with the booking that has it, all or none in one script, given back
 * only by its owner. A wrong "yes" is found out by the hold statement; a wrong "no" by comparing with PostgreSQL, which
 * follows every refusal (api/gate/lock-comparison.ts).
 */
export function createSeatLocks(redis: RedisClient): SeatLocks {
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(name, { lua });

  return {
    async take({ places = [], ...lock }) {
      const { showId, bookingId, seatIds } = lock;
      try {
        if (seatIds.length + places.length === 0) return { outcome: "taken", newSeatIds: [] };
        if (places.length > 0) return await takePlaces(redis, lock, places);
        const keys = lockKeys(showId, seatIds);
        const [refused, owners, added] = await inTime(
          redis.takeSeats(keys.length, ...keys, bookingId, lockSeconds),
        );
        if (refused.length === 0) return { outcome: "taken", newSeatIds: at(seatIds, added) };
        return { outcome: "refused", taken: takenOf(at(seatIds, refused), owners), areas: [] };
      } catch {
        return { outcome: "unknown" };
      }
    },

    async release({ showId, bookingId, seatIds }) {
      if (seatIds.length === 0) return;
      const keys = lockKeys(showId, seatIds);
      if (seatIds.some((seatId) => areaOfPlace(seatId))) keys.push(markKey(showId, bookingId));
      // What is not given back here is found by the comparison.
      await inTime(redis.releaseSeats(keys.length, ...keys, bookingId)).catch(() => undefined);
    },

    async owners({ showId, seatIds }) {
      const pages = pagesOf(seatIds).map((page) => redis.mget(lockKeys(showId, page)));
      return (await Promise.all(pages)).flat();
    },

    async correct({ showId, corrections }) {
      await Promise.all(
        pagesOf(corrections).map((page) => {
          const keys = lockKeys(
            showId,
            page.map(({ seatId }) => seatId),
          );
          const owners = page.flatMap(({ from, to }) => [from ?? "", to ?? ""]);
          return redis.correctSeats(keys.length, ...keys, ...owners, lockSeconds);
        }),
      );
    },
  };
}

async function takePlaces(
  redis: RedisClient,
  { showId, bookingId, seatIds }: SeatLock,
  places: WantedPlaces[],
): Promise<SeatLockOutcome> {
  const wanted = [...seatIds, ...places.flatMap(({ candidates }) => candidates)];
  const keys = [markKey(showId, bookingId), ...lockKeys(showId, wanted)];
  const counts = places.flatMap(({ quantity, candidates }) => [quantity, candidates.length]);
  const [refused, owners, full, added] = await inTime(
    redis.takePlaces(keys.length, ...keys, bookingId, lockSeconds, seatIds.length, ...counts),
  );
  if (refused.length + full.length === 0) {
    return { outcome: "taken", newSeatIds: at(wanted, added) };
  }
  const areas = at(
    places.map(({ area }) => area),
    full,
  );
  return { outcome: "refused", taken: takenOf(at(wanted, refused), owners), areas };
}

/** The words at these places, which scripts count from 1. */
function at(words: string[], places: number[]): string[] {
  return places.map((place) => words[place - 1] ?? "");
}

function takenOf(seatIds: string[], owners: string[]): { seatId: string; owner: string }[] {
  return seatIds.map((seatId, index) => ({ seatId, owner: owners[index] ?? "" }));
}

/** A day: it bounds what Redis keeps, and nothing else. A sold seat is locked anew when somebody asks for it after that. */
const lockSeconds = 86_400;

/** Some 2 ms of Redis's time; nobody else is served meanwhile. */
const seatsPerCommandMax = 500;

/** All keys of a show share its hash tag, so that they live on one node of a cluster. */
function lockKeys(showId: string, seatIds: string[]): string[] {
  return seatIds.map((seatId) => `lock:show:{${showId}}:seat:${seatId}`);
}

/** Says that a booking has places: which they are, a repeated order cannot know. */
function markKey(showId: string, bookingId: string): string {
  return `lock:show:{${showId}}:booking:${bookingId}`;
}

function pagesOf<Item>(items: Item[]): Item[][] {
  const pages = Math.ceil(items.length / seatsPerCommandMax);
  return Array.from({ length: pages }, (_, page) =>
    items.slice(page * seatsPerCommandMax, (page + 1) * seatsPerCommandMax),
  );
}

const scripts = {
  takeSeats: `
local refused, owners, added = {}, {}, {}
for index, key in ipairs(KEYS) do
  local owner = redis.call('get', key)
  if not owner then added[#added + 1] = index
  elseif owner ~= ARGV[1] then
    refused[#refused + 1] = index
    owners[#owners + 1] = owner
  end
end
if #refused == 0 then
  for _, index in ipairs(added) do redis.call('set', KEYS[index], ARGV[1], 'ex', ARGV[2]) end
end
return { refused, owners, added }`,

  takePlaces: `
local booking, seconds, seats = ARGV[1], ARGV[2], tonumber(ARGV[3])
local refused, owners, full, added = {}, {}, {}, {}
if redis.call('get', KEYS[1]) == booking then return { refused, owners, full, added } end
for index = 1, seats do
  local owner = redis.call('get', KEYS[index + 1])
  if not owner then added[#added + 1] = index
  elseif owner ~= booking then
    refused[#refused + 1] = index
    owners[#owners + 1] = owner
  end
end
local index = seats
for area = 1, (#ARGV - 3) / 2 do
  local missing, last = tonumber(ARGV[area * 2 + 2]), index + tonumber(ARGV[area * 2 + 3])
  while missing > 0 and index < last do
    index = index + 1
    if redis.call('exists', KEYS[index + 1]) == 0 then
      added[#added + 1] = index
      missing = missing - 1
    end
  end
  index = last
  if missing > 0 then full[#full + 1] = area end
end
if #refused + #full == 0 then
  for _, taken in ipairs(added) do redis.call('set', KEYS[taken + 1], booking, 'ex', seconds) end
  redis.call('set', KEYS[1], booking, 'ex', seconds)
end
return { refused, owners, full, added }`,
  releaseSeats: `
for _, key in ipairs(KEYS) do
  if redis.call('get', key) == ARGV[1] then redis.call('del', key) end
end
return 1`,

  correctSeats: `
for index, key in ipairs(KEYS) do
  local from, to = ARGV[index * 2 - 1], ARGV[index * 2]
  if (redis.call('get', key) or '') == from then
    if to == '' then redis.call('del', key) else redis.call('set', key, to, 'ex', ARGV[#ARGV]) end
  end
end
return 1`,
};

type Arguments = (string | number)[];

// What defineCommand adds: each script is loaded once and called by its hash.
declare module "ioredis" {
  interface RedisCommander<Context> {
    takeSeats(keys: number, ...rest: Arguments): Result<[number[], string[], number[]], Context>;
    takePlaces(
      keys: number,
      ...rest: Arguments
    ): Result<[number[], string[], number[], number[]], Context>;
    releaseSeats(keys: number, ...rest: Arguments): Result<number, Context>;
    correctSeats(keys: number, ...rest: Arguments): Result<number, Context>;
  }
}
