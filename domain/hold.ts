import type { ErrorCode } from "./errors.ts";

/** What a buyer asks for. Ids are plain UUIDs; `deadlineMs` is when the caller stops waiting (epoch milliseconds). */
export type HoldRequest = {
  bookingId: string;
  showId: string;
  userId: string;
  seatIds: string[];
  /** Places of areas beside the seats; an area comes once. Left out: none. */
  places?: WantedPlaces[];
  /** Fingerprint of the request body: the same idempotency key with another body is refused. */
  requestHash: string;
  /** The total the buyer was shown; another price refuses the hold. Left out: any price. */
  expectedTotalMinor?: number;
  /** In capitals. */
  promoCode?: string;
  /** Through which the order came. Whoever names it here has seen that it may. */
  channel?: string;
  deadlineMs: number;
};

/** How long a buyer's order may take: below the five seconds after which most clients give up. The wait for a turn is part of it. */
export const reserveMsMax = 4_000;

/** `candidates` are places that should be free; where they are not, any others of the area will do. */
export type WantedPlaces = { area: string; quantity: number; candidates: string[] };

/** The one answer to a hold request, however often it is asked. `totalMinor` contains `feeMinor`. */
export type HoldOutcome = HeldSeats | RefusedSeats;

export type HeldSeats = {
  outcome: "held";
  /** What the booking has, where that may be other than what was asked for: places, or a hold that was changed. */
  seatIds?: string[];
  heldUntilMs: number;
  totalMinor: number;
  feeMinor: number;
  currency: string;
};

/**
 * `seatIds` are the seats at fault: taken, or unknown. Of AREA_FULL they are the areas. `retryAtMs`: when the buyer may hold seats
 * again; of HOLD_COOLDOWN.
 */
export type RefusedSeats = {
  outcome: "refused";
  code: ErrorCode;
  seatIds: string[];
  retryAtMs?: number;
};

/**
 * What a buyer wants to be otherwise about a hold; its outcome is the hold as it then is. No seat is named twice.
 * `expectedTotalMinor`: of the hold after it.
 */
export type HoldChange = { add: string[]; drop: string[]; expectedTotalMinor?: number };
