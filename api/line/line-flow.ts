import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineState } from "../../adapters/redis/line.ts";
import type { LineFlow, LineLimit } from "../../domain/line.ts";
import type { SeatFace } from "../live/seat-face.ts";
import type { HousePace } from "./pace.ts";

/**
 * What decides how many people are let in. `pace` is what the house leaves each line; `ordersWaiting` are those of the show that wait
 * in this process for their turn with the checkouts.
 */
export type TurnFacts = {
  unsold: ReturnType<SeatFace["unsold"]>;
  pace: HousePace;
  ordersWaiting: number;
};

/** What a turn may do. */
export type TurnRoom = { insideMax: number; callsPerSecond: number };

export function roomOf(rules: StoredLine, facts: TurnFacts): TurnRoom {
  const { unsold, pace } = facts;
  const isStanding = rules.isPaused || isBehind(facts);
  return {
    // Who holds seats is inside as well, and chooses no more.
    insideMax: choosersMax(unsold.free) + unsold.holders,
    callsPerSecond: isStanding ? 0 : Math.min(pace.perSecond, organisersPace(rules)),
  };
}

/**
 * Half a second's orders of two cores, or a second's of slow ones: enough that checkouts do not run dry before those who are called
 * next have chosen. Whoever is called while more wait than these would wait behind them, with seats in front of them that go to others.
 */
function isBehind({ ordersWaiting }: TurnFacts): boolean {
  return ordersWaiting >= 16;
}

/** What keeps people from being called faster than the last turn did. */
export function flowOf(rules: StoredLine, facts: TurnFacts, state: LineState): LineFlow {
  const { insideMax, callsPerSecond } = roomOf(rules, facts);
  return {
    limitedBy: isCalling(rules, state) ? limitOf(rules, facts, state) : null,
    ...{ callsPerSecondMax: callsPerSecond, insideMax },
    ...{ freeSeats: facts.unsold.free, heldSeats: facts.unsold.held },
  };
}

function limitOf(rules: StoredLine, facts: TurnFacts, state: LineState): LineLimit {
  if (rules.isPaused) return "paused";
  if (state.inside >= roomOf(rules, facts).insideMax) return "seats";
  if (isBehind(facts)) return "checkouts";
  return organisersPace(rules) < facts.pace.perSecond ? "organiser" : facts.pace.limitedBy;
}

/** By the last turn: whether somebody waits whom nothing but the house's pace keeps out. */
export function isKeptBack(rules: StoredLine, state: LineState, flow: LineFlow): boolean {
  const isRoomless = ["seats", "organiser", "paused"].includes(flow.limitedBy ?? "");
  return !isRoomless && isCalling(rules, { ...state, nowMs: Date.now() });
}

/** From two seconds before people may be called to ten seconds after: nobody knows yet how many will come. */
export function isOpening({ isPaused, callsPerMinuteMax, admitFromMs }: StoredLine): boolean {
  const sinceMs = Date.now() - admitFromMs;
  return !isPaused && callsPerMinuteMax === null && sinceMs > -2_000 && sinceMs < 10_000;
}

function isCalling({ admitFromMs }: StoredLine, state: LineState): boolean {
  const { nowMs, quietUntilMs, drawn, served, joined } = state;
  return drawn !== null && nowMs >= Math.max(admitFromMs, quietUntilMs) && served < joined;
}

function organisersPace({ callsPerMinuteMax }: StoredLine): number {
  return (callsPerMinuteMax ?? Number.POSITIVE_INFINITY) / 60;
}

/**
 * How many people may choose among so many free seats: three for five, so that all of them find something who want two and do not
 * leave. With two for each, more than half of those who came in for 500 seats left with nothing after four tries, and with one for each
 * a quarter; and what the refused do costs the house time in which others are not served. Among the last sixteen seats there are ten,
 * or two for each: nobody shall wait for one who has gone to make tea.
 */
export function choosersMax(freeSeats: number): number {
  return Math.min(freeSeats * 2, Math.max(Math.ceil(freeSeats * 0.6), 10));
}
