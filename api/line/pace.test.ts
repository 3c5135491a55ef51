import { describe, expect, jest, test } from "@jest/globals";

import { DomainError } from "../../domain/errors.ts";
import { createPace } from "./pace.ts";
import type { Pace } from "./pace.ts";

function paceOf(wishes: Partial<Parameters<typeof createPace>[0]> = {}): Pace {
  return createPace({ perSecondMax: 100, paymentWaitMs: () => 0, latenessMs: () => 0, ...wishes });
}

/** What is left after the same second some times over. */
async function after(pace: Pace, seconds: number, second: () => Promise<unknown>) {
  let left = pace.now();
  for (let done = 0; done < seconds; done += 1) {
    await second();
    left = pace.now();
  }
  return left;
}

const nothing = async () => undefined;
const fails =
  (code: "BUSY" | "UNAVAILABLE" | "PAYMENT_PROVIDER_UNAVAILABLE" | "SEAT_TAKEN") => async () => {
    throw new DomainError(code);
  };

describe("a pace", () => {
  test("is the payment provider's budget as long as all is well", () => {
    expect(paceOf({ perSecondMax: 20 }).now()).toEqual({
      ...{ perSecond: 20, limitedBy: "payments" },
    });
  });

  test("falls at once while payments wait for their turn, and rises by and by when they do not", async () => {
    let waitMs = 3_000;
    const pace = paceOf({ paymentWaitMs: () => waitMs });
    const strained = await after(pace, 5, nothing);
    expect(strained.limitedBy).toBe("payments");
    expect(strained.perSecond).toBeLessThan(20);
    waitMs = 0;
    const better = await after(pace, 5, nothing);
    expect(better.perSecond).toBeGreaterThan(strained.perSecond);
    expect(better.perSecond).toBeLessThan(60);
    expect((await after(pace, 30, nothing)).perSecond).toBe(100);
  });

  test.each([
    ["payments", "PAYMENT_PROVIDER_UNAVAILABLE"],
    ["checkouts", "UNAVAILABLE"],
    ["checkouts", "BUSY"],
  ] as const)("falls while %s fail, however fast they do", async (cause, code) => {
    const pace = paceOf();
    const fail = () => pace.watch(cause, fails(code)).catch(() => undefined);
    const left = await after(pace, 3, fail);
    expect(left).toMatchObject({ limitedBy: cause });
    expect(left.perSecond).toBeLessThan(50);
  });

  test("does not mind what buyers are refused for, or the few that fail among many", async () => {
    const pace = paceOf();
    const refused = () => pace.watch("checkouts", fails("SEAT_TAKEN")).catch(() => undefined);
    const lost = () => pace.watch("checkouts", fails("UNAVAILABLE")).catch(() => undefined);
    expect(await after(pace, 3, () => Promise.all([refused(), refused(), lost()]))).toEqual({
      ...{ perSecond: 100, limitedBy: "payments" },
    });
  });

  test("falls while this process is late with everything", async () => {
    const late = await after(paceOf({ latenessMs: () => 400 }), 3, nothing);
    expect(late).toMatchObject({ limitedBy: "load" });
    expect(late.perSecond).toBeLessThan(50);
  });

  test("falls while tickets are late, however many holds are answered", async () => {
    const pace = paceOf();
    const answered = () =>
      Promise.all(Array.from({ length: 40 }, () => pace.watch("checkouts", nothing)));
    const paces = [];
    for (const unheardMs of [14_000, 16_000, 16_000, 0]) {
      await answered();
      paces.push(pace.now({ unheardMs }));
    }
    expect(paces.map(({ perSecond }) => Math.round(perSecond))).toEqual([100, 70, 49, 61]);
    expect(paces[2]).toMatchObject({ limitedBy: "checkouts" });
    // Some go on, however long it lasts.
    for (let second = 0; second < 60; second += 1) pace.now({ unheardMs: 60_000 });
    expect(pace.now({ unheardMs: 60_000 }).perSecond).toBeCloseTo(5, 9);
  });

  test("falls as soon as answers are late, and not when they come at last", () => {
    jest.useFakeTimers();
    try {
      const pace = paceOf();
      for (let holds = 0; holds < 40; holds += 1)
        void pace.watch("checkouts", () => new Promise(() => undefined));
      expect(pace.now().perSecond).toBe(100);
      jest.advanceTimersByTime(1_001);
      expect(pace.now()).toMatchObject({ perSecond: 70, limitedBy: "checkouts" });
    } finally {
      jest.useRealTimers();
    }
  });

  test("never ends: some go on to find out whether things are better", async () => {
    const pace = paceOf({ paymentWaitMs: () => 10_000 });
    expect((await after(pace, 60, nothing)).perSecond).toBeCloseTo(5, 9);
  });

  test.each([
    ["while answers are slow", 0],
    ["while this process is late", 400],
  ])("falls no lower than nine tenths of what is answered, %s", async (_when, lateMs) => {
    jest.useFakeTimers({ doNotFake: ["queueMicrotask", "nextTick"] });
    try {
      const pace = paceOf({ latenessMs: () => lateMs });
      const slowly = () => pace.watch("checkouts", async () => jest.advanceTimersByTime(1_500));
      const forty = () => Promise.all(Array.from({ length: 40 }, slowly));
      expect((await after(pace, 10, forty)).perSecond).toBeCloseTo(36, 9);
      const failing = () => pace.watch("checkouts", fails("UNAVAILABLE")).catch(() => undefined);
      expect((await after(pace, 20, failing)).perSecond).toBeCloseTo(5, 9);
    } finally {
      jest.useRealTimers();
    }
  });

  test("names what leaves the least", async () => {
    const pace = paceOf({ paymentWaitMs: () => 10_000 });
    await after(pace, 3, nothing);
    const fail = () => pace.watch("checkouts", fails("UNAVAILABLE")).catch(() => undefined);
    expect(await after(pace, 1, fail)).toMatchObject({ limitedBy: "payments" });
  });
});
