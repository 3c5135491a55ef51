import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineState } from "../../adapters/redis/line.ts";
import type { LineDraw, LineFlow, LinePhase, LineView, PlaceView } from "../../domain/line.ts";
import { admitFromMs, drawnOf } from "./line-draw.ts";

/** What a process knows about a line. */
export type KnownLine = {
  rules: StoredLine;
  /** undefined before the first turn. */
  state: LineState | undefined;
  /** By `performance.now()`. */
  turnedAt: number;
  flow: LineFlow | undefined;
  calledPerMinute: number;
};

export function viewLine(known: KnownLine, drawOf: (stored: StoredLine) => LineDraw): LineView {
  const { rules, state, calledPerMinute } = known;
  const { opensAtMs, drawAtMs, admitFromMs, message, guestsAllowed } = rules;
  return {
    ...{ phase: phaseOf(known), opensAtMs, drawAtMs, admitFromMs, message, calledPerMinute },
    guestsAllowed,
    joined: state?.joined ?? 0,
    served: servedOf(known),
    inside: state?.inside ?? 0,
    draw: drawOf(rules),
  };
}

/** `number` is null before the draw. */
export function viewPlace(known: KnownLine, entry: number, number: number | null): PlaceView {
  const { calledPerMinute } = known;
  if (number === null) {
    return {
      ...{ state: "drawing", entry, number, ahead: null, waitSeconds: null },
      ...askAgain(gatheringSeconds),
    };
  }
  const served = servedOf(known);
  const ahead = Math.max(number - served - 1, 0);
  const waitSeconds = calledPerMinute > 0 ? Math.ceil((ahead / calledPerMinute) * 60) : null;
  // Until somebody was called nobody knows how fast it goes; the first turn calls up to so many.
  const isNext =
    waitSeconds === null && ahead < Math.min(known.flow?.insideMax ?? firstCallsMax, firstCallsMax);
  const seconds = isNext ? secondsToFirstCall(known) : (waitSeconds ?? gatheringSeconds);
  const secondsMin = seconds <= soonSeconds && ahead < soonMax ? askSecondsMinSoon : askSecondsMin;
  return {
    ...{ state: number <= served ? "called" : "waiting", entry, number, ahead, waitSeconds },
    ...askAgain(Math.min(Math.max(seconds / 4, secondsMin), askSecondsMax)),
  };
}

function secondsToFirstCall({ rules }: KnownLine): number {
  const fromMs = admitFromMs(rules, { drawn: drawnOf(rules) ?? 0 });
  return Math.max(0, fromMs - Date.now()) / 1_000;
}

export function servedOf({ rules, state }: KnownLine): number {
  return state?.served ?? rules.served;
}

function phaseOf({ rules, state, turnedAt, flow }: KnownLine): LinePhase {
  const nowMs = Date.now();
  const isDrawn = drawnOf(rules) !== null;
  if (nowMs < rules.opensAtMs) return "before";
  if (!isDrawn && nowMs < rules.drawAtMs) return "gathering";
  const isStill = performance.now() - turnedAt > stillMsMax;
  if (state === undefined || isStill || nowMs < state.quietUntilMs) return "recovering";
  if (!isDrawn || nowMs < rules.admitFromMs) return "waiting";
  if (flow?.insideMax === 0) return "sold_out";
  return rules.isPaused ? "paused" : "open";
}

/** Not everybody at the same moment: whoever was called together orders together, and leaves the house idle before and after. */
function askAgain(seconds: number): Pick<PlaceView, "askAgainMs" | "askAgainSeconds"> {
  const askAgainMs = Math.round(seconds * (750 + Math.random() * 500));
  return { askAgainMs, askAgainSeconds: Math.ceil(askAgainMs / 1_000) };
}

/** Turns come every second: whoever has missed ten does not know how the line stands. */
const stillMsMax = 10_000;
const gatheringSeconds = 20;
/** They ask a thousand times a second at the most, a tenth of a core. */
const firstCallsMax = 1_000;
const askSecondsMin = 1;
/** So many of those whose call is a matter of this turn or the next hear of it the sooner, for a hundred questions a second. */
const soonMax = 50;
const soonSeconds = 2;
const askSecondsMinSoon = 0.5;
const askSecondsMax = 60;
