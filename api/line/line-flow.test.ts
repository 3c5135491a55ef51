import { describe, expect, test } from "@jest/globals";

import type { StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineState } from "../../adapters/redis/line.ts";
import { flowOf, isOpening } from "./line-flow.ts";
import type { TurnFacts } from "./line-flow.ts";

const rules: StoredLine = {
  ...{ showId: "", opensAtMs: 0, drawAtMs: 0, admitFromMs: 1_000, drawNonce: "", drawn: null },
  ...{ entriesMax: 2_000, served: 0, isPaused: false, callsPerMinuteMax: null },
  ...{ guestsAllowed: false, message: "" },
};
const state: LineState = {
  ...{ nowMs: 2_000, joined: 100, served: 10, calledInAll: 10, inside: 10 },
  ...{ drawn: 0, quietUntilMs: 0, ended: [] },
};
const facts: TurnFacts = {
  unsold: { free: 40, held: 6, holders: 3 },
  pace: { perSecond: 20, limitedBy: "payments" },
  ordersWaiting: 0,
};

function limitOf(changes: {
  rules?: Partial<StoredLine>;
  state?: Partial<LineState>;
  facts?: Partial<TurnFacts>;
}) {
  const { limitedBy } = flowOf(
    { ...rules, ...changes.rules },
    { ...facts, ...changes.facts },
    { ...state, ...changes.state },
  );
  return limitedBy;
}

describe("a line moves", () => {
  test("by the seats: three who choose for five that are free, and those who hold the others", () => {
    expect(flowOf(rules, facts, state)).toEqual({
      ...{ insideMax: 27, freeSeats: 40, heldSeats: 6 },
      ...{ callsPerSecondMax: 20, limitedBy: "payments" },
    });
    expect(limitOf({ state: { inside: 27 } })).toBe("seats");
    const last = { ...facts, unsold: { free: 3, held: 40, holders: 20 } };
    expect(flowOf(rules, last, state)).toMatchObject({ insideMax: 26 });
    expect(
      limitOf({ facts: { unsold: { free: 0, held: 0, holders: 0 } }, state: { inside: 0 } }),
    ).toBe("seats");
  });

  test("and opens for ten seconds, in which nobody knows how many will come", () => {
    const isOpeningIn = (seconds: number) =>
      isOpening({ ...rules, admitFromMs: Date.now() + seconds * 1_000 });
    expect([3, 1, -9, -11].map(isOpeningIn)).toEqual([false, true, true, false]);
  });

  test("by the house", () => {
    const pace = { perSecond: 7, limitedBy: "checkouts" } as const;
    expect(limitOf({ facts: { pace } })).toBe("checkouts");
  });

  test("and not at all while orders of those who are inside wait", () => {
    const flowWith = (ordersWaiting: number) => flowOf(rules, { ...facts, ordersWaiting }, state);
    expect(flowWith(15)).toMatchObject({ callsPerSecondMax: 20, limitedBy: "payments" });
    expect(flowWith(16)).toMatchObject({ callsPerSecondMax: 0, limitedBy: "checkouts" });
  });

  test("by the organiser, when that is less, and not at all when it is paused", () => {
    const slow = { ...rules, callsPerMinuteMax: 60 };
    expect(flowOf(slow, facts, state)).toMatchObject({
      ...{ callsPerSecondMax: 1, limitedBy: "organiser" },
    });
    expect(limitOf({ rules: { callsPerMinuteMax: 100_000 } })).toBe("payments");
    const paused = { ...rules, isPaused: true };
    expect(flowOf(paused, facts, state)).toMatchObject({
      ...{ callsPerSecondMax: 0, limitedBy: "paused" },
    });
  });

  test("and nothing limits it where nobody waits, or nobody is called yet", () => {
    expect(limitOf({ state: { served: 100 } })).toBeNull();
    expect(limitOf({ state: { nowMs: 500 } })).toBeNull();
    expect(limitOf({ state: { drawn: null } })).toBeNull();
    expect(limitOf({ state: { quietUntilMs: 9_000 } })).toBeNull();
  });
});
