import { isDate, resolveLocalTime } from "./local-time.ts";

/** What is wished for a show, on the venue's own clock: YYYY-MM-DDTHH:MM. What is left out follows the start. */
export type RescheduleWish = {
  startsAt: string;
  salesOpenAt?: string | undefined;
  salesCloseAt?: string | undefined;
  /** Until when those who have booked before may give their tickets back, fees included. */
  refundUntil: string;
};

export type ReschedulePlan = {
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
  refundUntilMs: number;
};

type Show = {
  status: "scheduled" | "cancelled";
  timeZone: string;
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
};

/** The instants that a wish means, or what is wrong with it, as one sentence for the person who typed it. */
export function planReschedule(
  show: Show,
  wish: RescheduleWish,
  nowMs: number,
): ReschedulePlan | string {
  if (show.status !== "scheduled") return "The show is cancelled.";
  const starts = resolve(wish.startsAt, show.timeZone);
  if (typeof starts === "string") return `startsAt: ${starts}`;
  const opens =
    wish.salesOpenAt === undefined ? show.salesOpenAtMs : resolve(wish.salesOpenAt, show.timeZone);
  if (typeof opens === "string") return `salesOpenAt: ${opens}`;
  // Sales close as long before the new start as before the old one.
  const closes =
    wish.salesCloseAt === undefined
      ? starts - (show.startsAtMs - show.salesCloseAtMs)
      : resolve(wish.salesCloseAt, show.timeZone);
  if (typeof closes === "string") return `salesCloseAt: ${closes}`;
  const refundUntil = resolve(wish.refundUntil, show.timeZone);
  if (typeof refundUntil === "string") return `refundUntil: ${refundUntil}`;

  if (starts <= nowMs) return "startsAt: that moment is over.";
  if (starts === show.startsAtMs) return "startsAt: the show begins at that time already.";
  if (opens >= closes) return "Sales would close before they open; give salesOpenAt.";
  if (refundUntil <= nowMs) return "refundUntil: that moment is over.";
  if (refundUntil > starts) return "refundUntil: the show has begun by then.";
  return {
    startsAtMs: starts,
    salesOpenAtMs: opens,
    salesCloseAtMs: closes,
    refundUntilMs: refundUntil,
  };
}

function resolve(moment: string, timeZone: string): number | string {
  const [, date = "", time = ""] = /^(\S{10})T([01]\d:[0-5]\d|2[0-3]:[0-5]\d)$/.exec(moment) ?? [];
  if (!isDate(date)) return "the venue's own date and time, as 2026-12-24T19:30.";
  const resolved = resolveLocalTime(date, time, timeZone);
  if (resolved.kind === "instant") return resolved.atMs;
  return resolved.kind === "nonexistent"
    ? `${date} ${time} does not exist in ${timeZone}: clocks are put forward over it.`
    : `${date} ${time} comes twice in ${timeZone}: clocks are put back over it.`;
}
