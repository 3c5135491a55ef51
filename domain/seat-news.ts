import type { SeatStatus } from "./booking.ts";

/**
 * How a seat stands in its row. A higher `version` is newer; within one version only a hold's end moves, and only to later.
 * `heldUntilMs` is epoch milliseconds, null unless the seat is held.
 */
export type SeatNews = {
  seatId: string;
  status: SeatStatus;
  version: number;
  heldUntilMs: number | null;
  /** Left out: the channel that it had; null: it is of none. */
  channel?: string | null | undefined;
};

/**
 * Tells the outside how seats stand after a commit: the locks of those that the booking `givenBackBy` has given back go, then whoever
 * watches the show hears of all. Best effort: it returns at once and never throws.
 */
export type TellSeats = (showId: string, seats: SeatNews[], givenBackBy?: string) => void;
