import type { SeatLocks } from "../../adapters/redis/seat-locks.ts";
import type { LockComparison } from "./lock-comparison.ts";

export type RepeatDeps = {
  seatLocks: Pick<SeatLocks, "owners">;
  comparison: Pick<LockComparison, "known">;
};

/** Whether an order has been here before and has its locks still: a repeat hears of its own hold, whatever others are told. */
export async function isRepeat(
  { seatLocks, comparison }: RepeatDeps,
  order: { showId: string; bookingId: string; seatIds: string[] },
): Promise<boolean> {
  if (comparison.known(order.showId).hasPlaces(order.bookingId)) return true;
  const owners = await seatLocks.owners(order).catch((): (string | null)[] => []);
  return owners.includes(order.bookingId);
}
