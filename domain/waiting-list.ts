/** What somebody on a waiting list waits for. */
export type WaitingWish = {
  /** Everybody, also those in a wheelchair and their companions. */
  partySize: number;
  /** Any of these prices will do; none: every price. */
  priceCodes: string[];
  /** What the seats may cost together, fees included; null: whatever they cost. */
  totalMaxMinor: number | null;
  /** Side by side in one row. */
  isTogether: boolean;
  accessible: number;
  companions: number;
};

/**
 * The life of an entry.
 *
 *     waiting ──► offered ──► served      the seats were paid for
 *        │          ├───────► declined    the offer was given back
 *        │          ├───────► lapsed      nobody paid in time
 *        │          └───────► waiting     the seats were not to be had after all: the entry keeps its place
 *        ├──► left      by its own wish
 *        └──► closed    the show was cancelled, or its sale is over
 */
export const waitingStates = [
  "waiting",
  "offered",
  "served",
  "declined",
  "lapsed",
  "left",
  "closed",
] as const;
export type WaitingState = (typeof waitingStates)[number];

/** So long an offer's checkout may take to begin. */
export const offerStartSeconds = 60;
/** One that has not held its seats by then never will. */
export const offerLostSeconds = 2 * offerStartSeconds;
