import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineState } from "../../adapters/redis/line.ts";
import type { LineFlow, LineLimit } from "../../domain/line.ts";
import type { UnsoldSeats } from "../live/seat-bitmap.ts";
import type { HousePace } from "./pace.ts";

/** What decides how many people are let in. */
export type TurnFacts = { unsold: UnsoldSeats; pace: HousePace };

/** What a turn may do. */
export type TurnRoom = { insideMax: number; callsPerSecond: number };

export function roomOf(rules: StoredLine, { unsold, pace }: TurnFacts): TurnRoom {
  return {
    // Who holds a seat is inside as well, and most come to buy two: of so many held seats at least one each is somebody's choice.
    insideMax: unsold.free * buyersPerSeat + unsold.held,
    callsPerSecond: rules.isPaused ? 0 : Math.min(pace.perSecond, organisersPace(rules)),
  };
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
  return organisersPace(rules) < facts.pace.perSecond ? "organiser" : facts.pace.limitedBy;
}

function isCalling({ admitFromMs }: StoredLine, state: LineState): boolean {
  const { nowMs, quietUntilMs, drawn, served, joined } = state;
  return drawn !== null && nowMs >= Math.max(admitFromMs, quietUntilMs) && served < joined;
}

function organisersPace({ callsPerMinuteMax }: StoredLine): number {
  return (callsPerMinuteMax ?? Number.POSITIVE_INFINITY) / 60;
}

/** Two people for a seat: most come to buy two, and some leave. */
const buyersPerSeat = 2;
