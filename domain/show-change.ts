/** What a show has sold so far, and what would go back if it were given up now: the dry run of a change. */
export type ShowSurvey = {
  title: string;
  venue: string;
  status: "scheduled" | "cancelled";
  startsAtMs: number;
  /** On the venue's own calendar and clock: YYYY-MM-DD HH:MM. */
  localStart: string;
  /** Bookings by where they stand. Those that are held or confirmed may yet get tickets. */
  held: number;
  confirmed: number;
  ticketed: number;
  /** Live ones. */
  tickets: number;
  /** What the live tickets have cost, fees included, by currency. */
  sums: { currency: string; refundMinor: number; feeMinor: number }[];
};

/**
 * Whether somebody who has agreed to what was shown must look again: the show itself is another, or a tenth more would go back.
 * A sale goes on meanwhile, so a few more tickets do not matter, and fewer are no surprise.
 */
export function isOutdated(shown: ShowSurvey, fresh: ShowSurvey): boolean {
  if (shown.status !== fresh.status || shown.startsAtMs !== fresh.startsAtMs) return true;
  if (fresh.tickets > shown.tickets * growthMax) return true;
  return fresh.sums.some(({ currency, refundMinor }) => {
    const before = shown.sums.find((sum) => sum.currency === currency)?.refundMinor ?? 0;
    return refundMinor > before * growthMax;
  });
}

const growthMax = 1.1;

/** How far a cancellation has come, as the rows say it. */
export type ShowProgress = {
  held: number;
  confirmed: number;
  ticketed: number;
  /** Bookings whose tickets this cancellation has made void. */
  voided: number;
  refunds: {
    currency: string;
    opened: number;
    openedMinor: number;
    paidOut: number;
    paidOutMinor: number;
  }[];
};

export const showChangeKinds = ["cancellation", "reschedule"] as const;
export type ShowChangeKind = (typeof showChangeKinds)[number];

export type ShowChangePhase =
  "surveying" | "awaiting_approval" | "running" | "paused" | "stuck" | "ended";

/**
 * A change of a show as those see it who ask for it and approve it. `running`: there is one already. `refused`: `problem` is a sentence
 * that says why, and nothing was done.
 */
export type ShowChangeAnswer =
  | { outcome: "absent" | "running" }
  | { outcome: "refused"; problem: string }
  | ({ outcome: "there" } & ShownChange);

export type ShownChange = {
  phase: ShowChangePhase;
  /** What it is approved with, while that is to come. */
  code: string | null;
  /** A user id; null: it was begun elsewhere, by support. */
  askedBy: string | null;
  /** Of a reschedule, on the venue's own clock: "2027-02-14T20:00". */
  startsAt: string | null;
  refundUntil: string | null;
  survey: Pick<ShowSurvey, "held" | "confirmed" | "ticketed" | "tickets" | "sums"> | null;
  progress: ShowProgress | null;
  /** Once it has ended: `cancelled`, `rescheduled`, `abandoned` or `lapsed`. */
  result: string | null;
};

export type ShowChangeWish = {
  showId: string;
  kind: ShowChangeKind;
  askedBy: string;
  /** Of a reschedule. */
  startsAt?: string | undefined;
  refundUntil?: string | undefined;
};

/** Without `code` the change is abandoned. */
export type ShowChangeDecision = {
  showId: string;
  kind: ShowChangeKind;
  decidedBy: string;
  code?: string | undefined;
};

export const showCancellationCalls = ["pause", "resume"] as const;

/** Stops a cancellation that is under way after its present page of bookings, or has it go on and look again. */
export type ShowCancellationCall = {
  showId: string;
  calledBy: string;
  call: (typeof showCancellationCalls)[number];
};
