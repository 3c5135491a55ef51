import type { Redis } from "./create-redis.ts";

/** `taken` by this booking, or `refused` because others have some of the seats, or `unknown` because Redis is away. */
export type SeatLockOutcome = { outcome: "taken" | "refused" | "unknown"; seatIds: string[] };

export type SeatLocks = {
  take(lock: SeatLock & { seconds: number }): Promise<SeatLockOutcome>;
  release(lock: SeatLock): Promise<void>;
};

export type SeatLock = { showId: string; bookingId: string; seatIds: string[] };

/**
 * A cheap early "no" in front of PostgreSQL: one key a seat with the booking that holds it, all or none in one script, given
 * back only by its owner. A wrong "no" ends with the key's life; a wrong "yes" is found out by the hold statement.
 */
export function createSeatLocks(redis: Redis): SeatLocks {
  return {
    async take({ showId, bookingId, seatIds, seconds }) {
      try {
        const keys = seatIds.map((seatId) => lockKey(showId, seatId));
        const refused = (await redis.eval(
          takeScript,
          keys.length,
          ...keys,
          bookingId,
          seconds,
        )) as number[];
        if (refused.length === 0) return { outcome: "taken", seatIds: [] };
        return {
          outcome: "refused",
          seatIds: seatIds.filter((_, index) => refused.includes(index + 1)),
        };
      } catch {
        return { outcome: "unknown", seatIds: [] };
      }
    },

    async release({ showId, bookingId, seatIds }) {
      const keys = seatIds.map((seatId) => lockKey(showId, seatId));
      // What is not given back here ends by itself.
      await redis.eval(releaseScript, keys.length, ...keys, bookingId).catch(() => undefined);
    },
  };
}

/** All keys of a show share its hash tag, so that they live on one node of a cluster. */
function lockKey(showId: string, seatId: string): string {
  return `lock:show:{${showId}}:seat:${seatId}`;
}

const takeScript = `
local refused = {}
for index, key in ipairs(KEYS) do
  local owner = redis.call('get', key)
  if owner and owner ~= ARGV[1] then refused[#refused + 1] = index end
end
if #refused == 0 then
  for _, key in ipairs(KEYS) do redis.call('set', key, ARGV[1], 'ex', ARGV[2]) end
end
return refused`;

const releaseScript = `
for _, key in ipairs(KEYS) do
  if redis.call('get', key) == ARGV[1] then redis.call('del', key) end
end
return 1`;
