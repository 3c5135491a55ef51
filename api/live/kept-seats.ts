import type { SeatStatus } from "../../domain/booking.ts";
import type { SeatBitmap } from "./seat-bitmap.ts";

/** The seats of a show that are of a channel: shown as blocked to everybody else while they are free and the channel keeps them. */
export type KeptSeats = {
  /** Null: it is of none. Returns whether that is new. */
  setChannel(position: number, channel: string | null): boolean;
  /** When the seats of channels become everybody's, in epoch milliseconds. */
  setClosings(closings: ReadonlyMap<string, number>): void;
  /** Shows how a seat stands to everybody. */
  show(position: number, status: SeatStatus, nowMs: number): void;
  /** The channel of a seat that is free, and blocked to everybody else. */
  keptFor(position: number): string | undefined;
  /** Whether a channel has closed since the last review. */
  isDue(nowMs: number): boolean;
  /** Shows free seats as they are now. Returns those that look different. */
  review(nowMs: number): number[];
};

/** Most seats are of no channel: what is known of the others lies beside the map. */
export function createKeptSeats(bitmap: SeatBitmap): KeptSeats {
  const channels = new Map<number, string>();
  const kept = new Map<number, string>();
  let closings: ReadonlyMap<string, number> = new Map();
  let nextClosingMs = Number.POSITIVE_INFINITY;

  function show(position: number, status: SeatStatus, nowMs: number): void {
    const channel = status === "available" ? channels.get(position) : undefined;
    const closesAtMs = closings.get(channel ?? "") ?? Number.POSITIVE_INFINITY;
    if (channel === undefined || nowMs >= closesAtMs) {
      kept.delete(position);
      bitmap.show(position, status);
    } else {
      kept.set(position, channel);
      bitmap.show(position, "blocked");
    }
  }

  return {
    setChannel(position, channel) {
      const isNew = (channels.get(position) ?? null) !== channel;
      if (channel === null) channels.delete(position);
      else channels.set(position, channel);
      return isNew;
    },
    setClosings(changed) {
      closings = changed;
    },
    show,
    keptFor: (position) => kept.get(position),
    isDue: (nowMs) => nowMs >= nextClosingMs,
    review(nowMs) {
      nextClosingMs = Math.min(...[...closings.values()].filter((atMs) => atMs > nowMs));
      return [...channels.keys()].filter((position) => {
        const before = bitmap.statusAt(position);
        if (before !== "available" && !kept.has(position)) return false;
        show(position, "available", nowMs);
        return bitmap.statusAt(position) !== before;
      });
    },
  };
}
