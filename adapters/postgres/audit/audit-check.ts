import type { PromiseName } from "../../../domain/violation.ts";

/**
 * One question to the rows of some shows. `holds` says what is so when nothing comes back; each row that does come back is a broken
 * promise: show_id, booking_id (null if it is the show's) and what, a sentence.
 *
 * A statement sees one moment, and every change of a booking is one transaction; so only what may take its time needs an age.
 * Parameters are written `:name` (see `AuditMoment`).
 */
export type AuditCheck = { promise: PromiseName; holds: string; sql: string };

/** The parameters that a check may name. */
export type AuditMoment = {
  shows: string[];
  now: Date;
  /** What waits for a store or a provider must have moved since then. */
  settledBefore: Date;
  /** Holds that ended before then should be gone: the grace and a margin are over. */
  holdEndedBefore: Date;
  /** Seconds after its end in which a hold is still its booking's alone. */
  grace: number;
  /** How far back finished bookings are compared with each other. */
  recentAfter: Date;
  /** A refund that the provider has not accepted. */
  refundIdleBefore: Date;
  /** A refund that the provider has accepted, and not paid out. */
  refundPendingBefore: Date;
};
