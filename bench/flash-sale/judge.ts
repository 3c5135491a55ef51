import { createHash } from "node:crypto";

import { suspectMsMin } from "../../api/gate/find-wrong-locks.ts";
import { findDoubleHolds } from "../../tests/small-sale.ts";
import { quantile } from "../compare-pairs.ts";
import { kendall } from "../kendall-of-intervals.ts";
import type { Kendall } from "../kendall-of-intervals.ts";
import type { CrowdReport, Queued, ReserveTry } from "./diary.ts";
import type { SaleRecord } from "./run-sale.ts";
import { comparedSeconds, hasDraw, insidePerSeat } from "./scenario.ts";
import type { Look } from "./watch-sale.ts";

/** Counts are the same on every machine, and a sale that breaks one has failed. Times say something of a quiet machine only. */
export type Finding = {
  what: string;
  kind: "count" | "time";
  measured: string;
  must: string;
  holds: boolean;
  /** Why it is so, where the number alone does not say. */
  why?: string;
};

/** What the same machine can do at best, in the same minutes. */
export type Limits = {
  /** Empty workflows started eagerly, a second. */
  emptyPerSecond: number;
  /** Sales to the first people of the same line, with nobody behind them. */
  withoutCrowd: SaleRecord[];
  /** The beginning of the sale once more, for its times. */
  again: SaleRecord[];
};

export function judgeSale(sale: SaleRecord, limits?: Limits): Finding[] {
  return [
    ...judgeSeats(sale),
    ...judgeMoney(sale),
    ...judgeLine(sale),
    ...judgeDraw(sale),
    ...judgeRefusals(sale),
    ...judgeEnd(sale),
    ...(limits === undefined ? [] : judgeTimes(sale, limits)),
  ];
}

function judgeSeats({ stock, crowd, scenario }: SaleRecord): Finding[] {
  const seats = scenario.shows * scenario.seats;
  const doubles = findDoubleHolds(crowd.holds);
  const { free, held, sold } = stock.seats;
  const open = (stock.bookings["held"] ?? 0) + (stock.bookings["confirmed"] ?? 0);
  return [
    none("seats with two tickets", stock.soldTwice),
    none("seats that two buyers were told are theirs, at one moment", doubles.length),
    none("tickets beyond the seats", Math.max(0, stock.tickets - seats)),
    none("seats that are held at the end, or lost", held + Math.abs(seats - free - held - sold)),
    none("bookings that are open at the end", open),
    none("sentences about what must not be", crowd.faults.length, crowd.faults[0]),
  ];
}

function judgeMoney({ stock }: SaleRecord): Finding[] {
  const { keptMinor, ticketsMinor } = stock;
  const violations = stock.audit.flatMap((part) => part.violations);
  return [
    none("payments without ticket or refund", stock.paidForNothing),
    none("tickets without a payment", stock.unpaidTickets),
    {
      ...none("difference between what the provider keeps and what the tickets cost", 0),
      measured: `${Math.abs(keptMinor - ticketsMinor)}`,
      holds: keptMinor === ticketsMinor,
    },
    none("promises that the auditor found broken", violations.length, violations[0]?.what),
  ];
}

/** How fair the line was, and how many it let in at once. */
export function judgeLine({
  scenario,
  looks,
  crowd,
}: Pick<SaleRecord, "scenario" | "looks"> & { crowd: Pick<CrowdReport, "queued"> }): Finding[] {
  const most = Math.max(...looks.map(({ insideMost }) => insideMost));
  const insideMax = scenario.seats * insidePerSeat;
  const { tau, concordant, discordant } = fairnessOf(crowd);
  const pairs = `${(concordant + discordant).toLocaleString("en")} pairs could be told apart`;
  return [
    {
      ...{ what: "people inside at once, most of a show", kind: "count" },
      ...{ measured: String(most), must: `≤ ${insideMax}`, holds: most <= insideMax },
    },
    {
      ...{ what: "fairness: Kendall's τ of the number in line against the admission" },
      ...{ kind: "count", measured: Number.isNaN(tau) ? "–" : tau.toFixed(4) },
      must: "≥ 0.99",
      // Nobody was treated unfairly where nobody can be told apart; the next line holds even then.
      ...{ holds: tau >= 0.99 || concordant + discordant === 0, why: pairs },
    },
    none("people who came in before their number was called", countEarly(looks, crowd.queued)),
    none("looks at which the line had gone back", countBackwards(looks)),
  ];
}

/** Of 20,000 in a fair order τ is within 0.02 of nought, of 1,000 within 0.1, but for one draw in 10,000. */
export function judgeDraw({
  scenario,
  crowd,
  draw,
}: Pick<SaleRecord, "scenario" | "draw"> & { crowd: Pick<CrowdReport, "queued"> }): Finding[] {
  if (!hasDraw(scenario)) return [];
  const tau = arrivalOrderOf(crowd);
  const seed = Buffer.from(draw.seed ?? "", "hex");
  const isPromised = createHash("sha256").update(seed).digest("hex") === draw.promised;
  return [
    {
      ...{ what: "the draw: Kendall's τ of the number in line against the arrival", kind: "count" },
      ...{ measured: tau.toFixed(3), must: "0 ± 0.1", holds: Math.abs(tau) <= 0.1 },
    },
    none("draws whose seed is not the promised one", isPromised ? 0 : 1),
  ];
}

/** What the line itself has said, up to a look later: how far it had come when they were given a pass. */
function countEarly(looks: readonly Look[], queued: readonly Queued[]): number {
  return queued.filter(({ show, number, insideMs }) => {
    if (insideMs === null) return false;
    const later = looks.findIndex(({ atMs }) => atMs >= insideMs + lookLagMs);
    // Who was called was called, also when the line forgets it: that is a fault of its own.
    const called = looks.slice(0, later + 1).map(({ calledByShow }) => calledByShow[show] ?? 0);
    return later >= 0 && Math.max(...called) < number;
  }).length;
}

/** Nobody's place gets worse: how far a line has come only rises. One process answers all looks. */
function countBackwards(looks: readonly Look[]): number {
  return looks.filter(({ calledByShow }, index) => {
    const before = looks[index - 1]?.calledByShow ?? [];
    return calledByShow.some((called, show) => called < (before[show] ?? 0));
  }).length;
}

/** An API process hears of a call with the next turn of the line. */
const lookLagMs = 2_500;

/** Of those who were called: their numbers against the moments of their calls, which lie between two answers. */
function fairnessOf(crowd: Pick<CrowdReport, "queued">): Kendall {
  return kendallByShow(crowd, ({ waitingMs, calledMs }) =>
    calledMs === null ? undefined : { notBefore: waitingMs, by: calledMs },
  );
}

/** Of all in line: their numbers against their arrivals. After a draw it is about 0, as it should be. */
export function arrivalOrderOf(crowd: Pick<CrowdReport, "queued">): number {
  const moment = ({ arrivalMs }: Queued) => ({ notBefore: arrivalMs, by: arrivalMs });
  return kendallByShow(crowd, moment).tau;
}

/** Each show has a line of its own; their pairs are counted together. */
function kendallByShow(
  { queued }: Pick<CrowdReport, "queued">,
  momentOf: (queued: Queued) => { notBefore: number; by: number } | undefined,
): Kendall {
  const sums = { concordant: 0, discordant: 0 };
  for (const wanted of new Set(queued.map(({ show }) => show))) {
    const admissions = queued.flatMap((one) => {
      const moment = one.show === wanted ? momentOf(one) : undefined;
      return moment === undefined ? [] : [{ rank: one.number, ...moment }];
    });
    const { concordant, discordant } = kendall(admissions);
    sums.concordant += concordant;
    sums.discordant += discordant;
  }
  const { concordant, discordant } = sums;
  return { ...sums, tau: (concordant - discordant) / (concordant + discordant) };
}

function judgeRefusals({ scenario, counters, stock, crowd, unlocked }: SaleRecord): Finding[] {
  const refusals = countRefusals(crowd);
  const holdStatements = Object.entries(counters.statements)
    .filter(([query]) => /hold_(seats|places)_with_news/.test(query))
    .reduce((sum, [, calls]) => sum + calls, 0);
  // They came as far as the checkouts, which had no time for them: what the statement would have said is not known.
  const late = crowd.reserves.filter(({ code }) => tooLate.has(code)).length;
  // The gate gives up a lock after 1.5 s without a hold, and so lets others past those whose hold takes longer.
  const slow = crowd.reserves.filter(({ code, ms }) => code === "OK" && ms > suspectMsMin).length;
  // Without locks the statement decides, as it must: while Redis is silent or empty, or when a worker dies in between.
  const allowed =
    scenario.trouble === undefined ? unlocked + late + slow : Number.POSITIVE_INFINITY;
  const perRefusal = (what: string, count: number): Finding => ({
    ...{ what, kind: "count", measured: `${count} for ${refusals} refusals` },
    ...{ must: allowed === 0 ? "0" : mustBut(allowed), holds: count <= allowed },
    ...(count > 0 && {
      why: `${unlocked} orders came while Redis was silent for 50 ms, ${late} answers were late, ${slow} holds were slow`,
    }),
  });
  return [
    perRefusal("statements and commits of refused orders", holdStatements - stock.holds),
    perRefusal("workflows started for refused orders", counters.checkouts - stock.holds),
    none(
      "answers of Marquee that say nothing: INTERNAL, or a status without a code",
      countSilly(crowd),
    ),
  ];
}

/** What may be, is said: a row that has more than nought in it must not look as if nought had been measured. */
function mustBut(allowed: number): string {
  return Number.isFinite(allowed) ? `≤ ${allowed}, else 0` : "not judged";
}

const tooLate = new Set(["RESERVE_TOO_LATE", "RESERVE_UNKNOWN", "UNAVAILABLE", "NO_ANSWER"]);

/** Orders that were answered with a refusal, bots' among them. */
export function countRefusals({ reserves, refusalsOfBots }: CrowdReport): number {
  const isRefusal = ({ code }: ReserveTry) => code !== "OK" && !tooLate.has(code);
  return [...reserves, ...refusalsOfBots].filter(isRefusal).length;
}

function countSilly({ answers }: CrowdReport): number {
  return answers
    .filter(({ step, code }) => step !== "card" && /^(INTERNAL|HTTP_\d+)$/.test(code))
    .reduce((sum, { count }) => sum + count, 0);
}

function judgeEnd({ scenario, stock, openCheckouts, crowd }: SaleRecord): Finding[] {
  const seats = scenario.shows * scenario.seats;
  const failed = crowd.endings.filter(({ ending }) => ending.startsWith("failed"));
  return [
    {
      ...{ what: "seats sold at the end", kind: "count", measured: String(stock.seats.sold) },
      ...{ must: String(seats), holds: stock.seats.sold === seats },
      why: `within ${scenario.saleSecondsMax} s`,
    },
    none("workflows that are open at the end", openCheckouts),
    none("buyers whose story broke off", failed.length, failed[0]?.ending),
    {
      ...{ what: "requests that left the generator late", kind: "time", must: "≤ 5 %" },
      ...{ measured: percent(crowd.lateness.share), holds: crowd.lateness.share <= 0.05 },
      why: "otherwise the times of this run say nothing",
    },
  ];
}

function judgeTimes(sale: SaleRecord, { emptyPerSecond, withoutCrowd, again }: Limits): Finding[] {
  const seconds = sellOutSeconds(sale);
  const leastSeconds = (sale.scenario.shows * sale.scenario.seats) / 2 / emptyPerSecond;
  const ratio = seconds / leastSeconds;
  const [ours, alone] = [ordersOf([sale, ...again]), ordersOf(withoutCrowd)];
  const [ourP99, aloneP99] = [p99Of(ours), p99Of(alone)];
  return [
    {
      ...{ what: "until the last seat was taken, against as many empty workflows", kind: "time" },
      ...{ measured: ratioText(ratio), must: "≤ ×3", holds: ratio <= 3 },
      why: `${seconds.toFixed(1)} s, against ${leastSeconds.toFixed(1)} s at ${emptyPerSecond.toFixed(0)} a second`,
    },
    {
      what: `p99 of admitted orders in the first ${comparedSeconds} s, against the same people alone`,
      ...{ kind: "time", measured: ratioText(ourP99 / aloneP99), must: "≤ ×1.5" },
      holds: ourP99 <= aloneP99 * 1.5,
      why: `${ourP99.toFixed(0)} ms of ${ours.length}, against ${aloneP99.toFixed(0)} ms of ${alone.length}`,
    },
  ];
}

/** From the opening, or after a draw from the first call, until nothing was free for the first time. NaN: that never was. */
function sellOutSeconds({ looks, scenario }: Pick<SaleRecord, "looks" | "scenario">): number {
  const fromMs = hasDraw(scenario) ? firstCallMs(looks) : 0;
  const full = looks.find(({ free, held, sold }) => free === 0 && held + sold > 0);
  return ((full?.atMs ?? Number.NaN) - fromMs) / 1_000;
}

function firstCallMs(looks: readonly Look[]): number {
  return looks.find(({ called }) => called > 0)?.atMs ?? Number.NaN;
}

/** What sales are compared by, whatever became of the orders. */
export function ordersOf(
  sales: (Pick<SaleRecord, "looks"> & { crowd: Pick<CrowdReport, "reserves"> })[],
): ReserveTry[] {
  return sales.flatMap(({ looks, crowd }) => {
    const untilMs = firstCallMs(looks) + comparedSeconds * 1_000;
    return crowd.reserves.filter(({ atMs }) => atMs < untilMs);
  });
}

function p99Of(orders: ReserveTry[]): number {
  return quantile(
    orders.map(({ ms }) => ms),
    0.99,
  );
}

function ratioText(ratio: number): string {
  return Number.isNaN(ratio) ? "never" : `×${ratio.toFixed(2)}`;
}

function none(what: string, count: number, why?: string): Finding {
  return {
    ...{ what, kind: "count", measured: String(count), must: "0", holds: count === 0 },
    ...(why !== undefined && { why }),
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
