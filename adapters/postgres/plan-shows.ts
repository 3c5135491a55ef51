import { createHash } from "node:crypto";

import { expandChannels } from "../../domain/expand-channels.ts";
import { expandSeries } from "../../domain/expand-series.ts";
import type { ShowTimes } from "../../domain/expand-series.ts";
import { findHallClashes } from "../../domain/find-hall-clashes.ts";
import type { HallUse } from "../../domain/find-hall-clashes.ts";
import type { Layout } from "../../domain/layout.ts";
import { findUnpayable } from "../../domain/payable-amounts.ts";
import { planAllocation } from "../../domain/plan-allocation.ts";
import type { SeatRule } from "../../domain/plan-allocation.ts";
import type { PlanPath, PlanProblem } from "../../domain/plan-problem.ts";
import type { SeatChannel } from "../../domain/seat-channel.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { Draft, FileItem } from "./catalogue-file.ts";
import { showsMax } from "./catalogue-file.ts";
import { hashChannelCode } from "./hash-channel-code.ts";
import { keyRows, lookUp } from "./keyed-rows.ts";
import type { Keyed } from "./keyed-rows.ts";

export type PlannedShow = {
  showId: string;
  titleId: string;
  hallId: string;
  layoutHash: string;
  format: string;
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
  currency: string;
  seatsPerBuyerMax: number;
  seatsPerCardMax: number | null;
  seatsPerAddressMax: number | null;
  lateSwapAllowed: boolean;
  refundableUntilMs: number | null;
  seatsApart: number;
  channels: SeatChannel[];
  allocation: Allocation;
  prices: {
    priceCode: string;
    name: string;
    amountMinor: number;
    feeMinor: number;
    taxBasisPoints: number;
  }[];
  promoCodes: Series["promoCodes"];
  label: string;
  /** The series that it comes from. */
  path: PlanPath;
};

/** The seats of a series that are blocked or of a channel. The same for all of its shows; `hash` is null for none. */
export type Allocation = { rules: SeatRule[]; hash: string | null };

type Rows = {
  titles: Keyed<{ titleId: string; durationMinutes: number }>;
  venues: Keyed<unknown>;
  halls: Keyed<{ hallId: string; venueId: string; timeZone: string; layout: HallLayout }>;
};

type HallLayout = {
  layoutHash: string;
  layout: Layout;
  seatCount: number;
  priceCodes: ReadonlySet<string>;
};

type Series = FileItem<"series">;

export type PlanBounds = { showsMax: number; seatsMax: number };

// Ten million rows are a gigabyte: a file that means more has a slip in its dates.
export const fileBounds: PlanBounds = { showsMax, seatsMax: 10_000_000 };

/** The shows of all series. Each has its own id by series, date and time. */
export function planShows(
  drafts: readonly Draft<Series>[],
  rows: Rows,
  problems: PlanProblem[],
  bounds: PlanBounds,
): PlannedShow[] {
  const shows: PlannedShow[] = [];
  const uses: HallUse[] = [];
  let seats = 0;
  keyRows(drafts, ["series"], problems, (series, key, path) => {
    if (excessOf(bounds, shows.length, seats) !== undefined) return;
    const title = lookUp(rows.titles, series.title, "title", [...path, "title"], problems);
    const hall = lookUpHall(rows, series.hall, [...path, "hall"], problems);
    if (hall === undefined) return;
    checkPrices(series, hall.layout, path, problems);
    const allocation = allocate(series, hall.layout, path, problems);
    for (const problem of findUnpayable(series, path)) problems.push(problem);
    const expanded = expandSeries(series, hall.timeZone, path, bounds.showsMax - shows.length + 1);
    for (const problem of expanded.problems) problems.push(problem);
    for (const times of expanded.shows) {
      if (title === undefined) continue;
      const label = `${times.localDate} ${times.localTime} of ${key}`;
      const { startsAtMs, salesOpenAtMs, salesCloseAtMs } = times;
      const showId = deriveUuid("show", hall.venueId, key, times.localDate, times.localTime);
      const endsAtMs = startsAtMs + title.durationMinutes * 60_000;
      uses.push({ hallId: hall.hallId, startsAtMs, endsAtMs, label, path });
      shows.push({
        showId,
        titleId: title.titleId,
        hallId: hall.hallId,
        layoutHash: hall.layout.layoutHash,
        format: series.format,
        ...{ startsAtMs, salesOpenAtMs, salesCloseAtMs },
        currency: series.currency,
        seatsPerBuyerMax: series.seatsPerBuyerMax,
        seatsPerCardMax: series.seatsPerCardMax,
        seatsPerAddressMax: series.seatsPerAddressMax,
        lateSwapAllowed: series.lateSwapAllowed,
        refundableUntilMs: refundableUntil(series, startsAtMs),
        seatsApart: series.seatsApart,
        channels: channelsOf(series, showId, times, hall.timeZone, path, problems),
        allocation,
        prices: pricesOf(series),
        promoCodes: series.promoCodes,
        ...{ label, path },
      });
    }
    seats += expanded.shows.length * hall.layout.seatCount;
    const message = excessOf(bounds, shows.length, seats);
    if (message !== undefined) problems.push({ path, message });
  });
  for (const clash of findHallClashes(uses)) problems.push(clash);
  return shows;
}

/** A hall of a venue that has a problem of its own is no second problem. */
function lookUpHall(rows: Rows, named: string, path: PlanPath, problems: PlanProblem[]) {
  const [venueKey = ""] = named.split("/");
  if (rows.venues.has(venueKey) && rows.venues.get(venueKey) === undefined) return undefined;
  return lookUp(rows.halls, named, "hall", path, problems);
}

function excessOf(
  { showsMax, seatsMax }: PlanBounds,
  shows: number,
  seats: number,
): string | undefined {
  if (shows > showsMax) return `The file has more than ${showsMax} shows up to here`;
  if (seats > seatsMax) return `The shows up to here have more than ${seatsMax} seats`;
  return undefined;
}

function refundableUntil({ refundableUntilHoursBefore: hours }: Series, startsAtMs: number) {
  return hours === undefined ? null : startsAtMs - hours * 3_600_000;
}

function allocate(
  series: Series,
  { layout }: HallLayout,
  path: PlanPath,
  problems: PlanProblem[],
): Allocation {
  const planned = planAllocation(layout, series, path);
  for (const problem of planned.problems) problems.push(problem);
  const { rules } = planned;
  if (rules.length === 0) return { rules, hash: null };
  return { rules, hash: createHash("sha256").update(JSON.stringify(rules)).digest("hex") };
}

function channelsOf(
  { channels: plans }: Series,
  showId: string,
  times: ShowTimes,
  timeZone: string,
  path: PlanPath,
  problems: PlanProblem[],
): SeatChannel[] {
  const expanded = expandChannels(plans, times, timeZone, path);
  for (const problem of expanded.problems) problems.push(problem);
  return expanded.channels.map((channel, index) => {
    const code = plans[index]?.code;
    const codeHash = code === undefined ? null : hashChannelCode(showId, channel.channel, code);
    return { ...channel, codeHash };
  });
}

function pricesOf({ prices }: Series): PlannedShow["prices"] {
  return Object.entries(prices)
    .map(([priceCode, price]) => ({ priceCode, ...price }))
    .toSorted((one, other) => (one.priceCode < other.priceCode ? -1 : 1));
}

/** Every seat has a price, and every price has seats. */
function checkPrices(
  series: Series,
  { priceCodes }: HallLayout,
  path: PlanPath,
  problems: PlanProblem[],
): void {
  const given = Object.keys(series.prices);
  for (const code of priceCodes) {
    if (given.includes(code)) continue;
    problems.push({ path: [...path, "prices"], message: `The hall has seats of price ${code}` });
  }
  for (const code of given) {
    if (priceCodes.has(code)) continue;
    problems.push({ path: [...path, "prices", code], message: "The hall has no seats of it" });
  }
}
