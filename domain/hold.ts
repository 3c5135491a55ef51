import type { ErrorCode } from "./errors.ts";

/** What a buyer asks for. Ids are plain UUIDs; `deadlineMs` is when the caller stops waiting (epoch milliseconds). */
export type HoldRequest = {
  bookingId: string;
  showId: string;
  userId: string;
  seatIds: string[];
  /** Fingerprint of the request body: the same idempotency key with another body is refused. */
  requestHash: string;
  /** The total the buyer was shown; another price refuses the hold. Left out: any price. */
  expectedTotalMinor?: number;
  /** In capitals. */
  promoCode?: string;
  deadlineMs: number;
};

/** The one answer to a hold request, however often it is asked. `totalMinor` contains `feeMinor`. */
export type HoldOutcome = HeldSeats | RefusedSeats;

export type HeldSeats = {
  outcome: "held";
  /** Left out: those that were asked for. */
  seatIds?: string[];
  heldUntilMs: number;
  totalMinor: number;
  feeMinor: number;
  currency: string;
};

/** `seatIds` are the seats at fault: taken, or unknown. */
export type RefusedSeats = { outcome: "refused"; code: ErrorCode; seatIds: string[] };

/**
 * What a buyer wants to be otherwise about a hold; its outcome is the hold as it then is. No seat is named twice.
 * `expectedTotalMinor`: of the hold after it.
 */
export type HoldChange = { add: string[]; drop: string[]; expectedTotalMinor?: number };
