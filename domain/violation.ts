/** The promises that the auditor looks after: docs/audit.md says them in words. */
export type PromiseName =
  "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I9" | "I11" | "I12" | "I13" | "I14";

/** A promise that somebody's books say is broken. Ids are plain UUIDs, null where it is nobody's in particular. */
export type Violation = {
  promise: PromiseName;
  /** What should be so. */
  holds: string;
  showId: string | null;
  bookingId: string | null;
  /** What is so: a sentence of ids, numbers and codes, without personal data. */
  what: string;
};
