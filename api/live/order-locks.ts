import type { SeatStatus } from "../../domain/booking.ts";
import type { KeptSeats } from "./kept-seats.ts";

/** Seats of one show that are free by their rows, and shown as held because an order for them is on its way. */
export type OrderLocks = {
  has(position: number): boolean;
  /** Those of the seats that are free, until then. Returns them. */
  lock(positions: readonly number[], untilMs: number): number[];
  /** Shows them as free again. Returns those that were locked. */
  unlock(positions: readonly number[], nowMs: number): number[];
  /** As `unlock`, for those whose time is over. */
  expire(nowMs: number): number[];
  /** Its row is news: what is shown is no longer the lock's. */
  forget(position: number): void;
};

export function createOrderLocks(
  kept: KeptSeats,
  statusAt: (position: number) => SeatStatus,
): OrderLocks {
  const ends = new Map<number, number>();
  const isFree = (position: number) =>
    statusAt(position) === "available" || kept.keptFor(position) !== undefined;

  function unlock(positions: readonly number[], nowMs: number): number[] {
    const unlocked = positions.filter((position) => ends.delete(position));
    for (const position of unlocked) kept.show(position, "available", nowMs);
    return unlocked;
  }

  return {
    has: (position) => ends.has(position),
    lock(positions, untilMs) {
      const locked = positions.filter((position) => isFree(position) || ends.has(position));
      for (const position of locked) {
        ends.set(position, untilMs);
        kept.show(position, "held", untilMs);
      }
      return locked;
    },
    unlock,
    expire(nowMs) {
      const over = [...ends].filter(([, untilMs]) => untilMs <= nowMs);
      const positions = over.map(([position]) => position);
      return unlock(positions, nowMs);
    },
    forget: (position) => void ends.delete(position),
  };
}
