import { expect, test } from "@jest/globals";

import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineState } from "../../adapters/redis/line.ts";
import { viewPlace } from "./view-line.ts";

const rules: StoredLine = {
  ...{ showId: "", opensAtMs: 0, drawAtMs: 0, admitFromMs: 0, drawNonce: "", drawn: null },
  ...{ entriesMax: 50_000, served: 0, isPaused: false, callsPerMinuteMax: null },
  ...{ guestsAllowed: false, message: "" },
};
const state: LineState = {
  ...{ nowMs: 0, joined: 20_000, served: 0, calledInAll: 0, inside: 0 },
  ...{ drawn: null, quietUntilMs: 0, ended: [] },
};

type Line = {
  served?: number;
  calledPerMinute?: number;
  drawn?: Partial<StoredLine>;
  insideMax?: number;
};

function askAgain(number: number, line: Line = {}) {
  const { served = 0, calledPerMinute = 0, drawn = {}, insideMax } = line;
  const seats = { freeSeats: 500, heldSeats: 0, callsPerSecondMax: 40, limitedBy: null };
  const known = {
    rules: { ...rules, ...drawn },
    state: { ...state, served },
    turnedAt: 0,
    flow: insideMax === undefined ? undefined : { ...seats, insideMax },
    calledPerMinute,
  };
  const times = Array.from(
    { length: 50 },
    () => viewPlace(known, number, number).askAgainMs / 1_000,
  );
  return [Math.min(...times), Math.max(...times)];
}

test("whoever the first turn may call asks again soon, and everybody else does not yet", () => {
  expect(askAgain(1)[1]).toBeLessThanOrEqual(3);
  expect(askAgain(1_000)[1]).toBeLessThanOrEqual(3);
  expect(askAgain(1_001)[0]).toBeGreaterThanOrEqual(3.7);
  // Not more than may come in.
  expect(askAgain(300, { insideMax: 300 })[1]).toBeLessThanOrEqual(3);
  expect(askAgain(301, { insideMax: 300 })[0]).toBeGreaterThanOrEqual(3.7);
});

test("the very next ask sooner still, and not all at the same moment", () => {
  const line = { served: 1_000, calledPerMinute: 1_800 };
  for (const [least, most] of [askAgain(1), askAgain(1_050, line)]) {
    expect(most).toBeLessThanOrEqual(0.7);
    expect(least).toBeLessThan(most ?? 0);
  }
  expect(askAgain(51)[0]).toBeGreaterThan(0.7);
  expect(askAgain(1_051, line)[0]).toBeGreaterThan(0.7);
});

test("it is said in whole seconds as well, in which nobody comes too early", () => {
  const known = { rules, state, turnedAt: 0, flow: undefined, calledPerMinute: 0 };
  const { askAgainMs, askAgainSeconds } = viewPlace(known, 1, 1);
  expect(askAgainSeconds).toBe(Math.ceil(askAgainMs / 1_000));
});

test("nobody hurries while nobody can be called: in the minute after a draw", () => {
  const drawn = { opensAtMs: Date.now() - 2_000, drawAtMs: Date.now(), drawn: 1_000 };
  expect(askAgain(1, { drawn })[0]).toBeGreaterThanOrEqual(11);
});

test("in a line that moves people ask four times on their way, at least every minute or so", () => {
  const line = { served: 1_000, calledPerMinute: 1_000 };
  expect(askAgain(1_030, line)[1]).toBeLessThanOrEqual(3);
  expect(askAgain(2_001, line)[0]).toBeGreaterThanOrEqual(11);
  expect(askAgain(2_001, line)[1]).toBeLessThanOrEqual(19);
  expect(askAgain(20_000, line)[1]).toBeLessThanOrEqual(75);
});
