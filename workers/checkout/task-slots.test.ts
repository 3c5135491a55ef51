import { expect, test } from "@jest/globals";
import type {
  CustomSlotSupplier,
  SlotPermit,
  SlotReserveContext,
  WorkflowSlotInfo,
} from "@temporalio/worker";

import { createTaskSlots } from "./task-slots.ts";

// The room for workflow tasks, asked as Temporal's worker asks for it.

const limits = {
  ...{ firstMax: 4, firstMaxWhenSlow: 4, firstMsMax: 1_000, firstWaitMsMax: 1_000 },
  ...{ lateMsMin: 60_000, lateMsMax: 60_000, laterMax: 3 },
  ...{ calmMax: 2, calmMs: 60_000, rushMsMax: 60_000 },
};

function openSlots(given = limits, nowMs = () => 0) {
  const slots = createTaskSlots(given, nowMs);
  const supplier = slots.workerOptions.tuner
    .workflowTaskSlotSupplier as CustomSlotSupplier<WorkflowSlotInfo>;
  const context = { slotType: "workflow" } as SlotReserveContext;
  const permits: SlotPermit[] = [];
  return {
    permits,
    close: slots.close,
    mayGoOn: slots.mayGoOn,
    letOthersBegin: slots.letOthersBegin,
    /** As Temporal grants it: the slot is asked for before the start is sent, and the task is there when it is answered. */
    begin: (answer = Promise.resolve()) =>
      slots.begin(async () => {
        const permit = supplier.tryReserveSlot(context);
        await answer;
        return permit ?? {};
      }),
    poll: (signal = new AbortController().signal) =>
      supplier.reserveSlot(context, signal).then((permit) => void permits.push(permit)),
    end: (permit: SlotPermit = permits.shift() ?? {}) => supplier.releaseSlot({ permit }),
  };
}

/** Everything that was called has been told so. */
const settle = () => new Promise(setImmediate);

test("polls take none of the room of first tasks, and first tasks none of theirs", async () => {
  const { begin, poll, permits } = openSlots();
  for (let polls = 0; polls < 5; polls += 1) void poll();
  await settle();
  expect(permits).toHaveLength(limits.laterMax);
  const first = await Promise.all([begin(), begin(), begin(), begin()]);
  expect(first.every((permit) => permit !== undefined)).toBe(true);
});

test("a start waits for a first task to end, in the order of coming; one that has waited too long begins nothing", async () => {
  const { begin, end } = openSlots({ ...limits, firstMax: 1 });
  const running = await begin();
  const order: string[] = [];
  const next = begin().then((permit) => order.push("next") && permit);
  void begin().then(() => order.push("last"));
  await settle();
  expect(order).toEqual([]);
  end(running);
  end((await next) ?? {});
  await settle();
  expect(order).toEqual(["next", "last"]);
  const hasty = openSlots({ ...limits, firstMax: 1, firstWaitMsMax: 1 });
  await hasty.begin();
  expect(await hasty.begin()).toBeUndefined();
});

test("while the oldest first task takes longer than it may there is room for fewer", async () => {
  let now = 0;
  const few = { ...limits, firstMaxWhenSlow: 1, firstWaitMsMax: 1 };
  const { begin, end } = openSlots(few, () => now);
  const oldest = await begin();
  now = few.firstMsMax;
  expect(await begin()).toBeDefined();
  now += 1;
  expect(await begin()).toBeUndefined();
  end(oldest);
  expect(await begin()).toBeDefined();
});

test("a start that has asked for its slot and waits for its answer is one checkout, not two", async () => {
  const { begin, permits, poll } = openSlots({ ...limits, firstMax: 2, calmMax: 1 });
  const answer = Promise.withResolvers<void>();
  const first = begin(answer.promise);
  await settle();
  await Promise.all([poll(), poll(), poll()]);
  expect(permits).toHaveLength(limits.laterMax);
  expect(await begin()).toBeDefined();
  answer.resolve();
  expect(await first).toBeDefined();
});

test("once it is closed nothing begins, and what has begun is waited for", async () => {
  const { begin, close } = openSlots({ ...limits, firstMax: 1 });
  const answer = Promise.withResolvers<void>();
  const first = begin(answer.promise);
  const next = begin();
  await settle();
  let isClosed = false;
  const closed = close().then(() => {
    isClosed = true;
  });
  expect(await begin()).toBeUndefined();
  expect(isClosed).toBe(false);
  answer.resolve();
  expect(await first).toBeDefined();
  await closed;
  expect(await next).toBeUndefined();
});

test("a start that fails, or is no new checkout, leaves its room to the next", async () => {
  const slots = createTaskSlots({ ...limits, firstMax: 1 });
  const away = slots.begin(async () => {
    throw new Error("Temporal is away");
  });
  await expect(away).rejects.toThrow("Temporal is away");
  expect(await slots.begin(async () => "known already")).toBe("known already");
  expect(await slots.begin(async () => "begun")).toBe("begun");
});

test("those who have paid wait while more begin at a time than a process does by the way", async () => {
  const { begin, mayGoOn } = openSlots();
  await Promise.all([begin(), begin()]);
  expect(mayGoOn()).toBe(true);
  await begin();
  expect(mayGoOn()).toBe(false);
});

test("in a rush first tasks let others begin before they end, until three quarters of their room are taken", async () => {
  const { begin, letOthersBegin } = openSlots({ ...limits, firstMax: 8 });
  const isLate = async () => {
    let hasWaited = true;
    void letOthersBegin().then(() => (hasWaited = false));
    await settle();
    return hasWaited;
  };
  await Promise.all([begin(), begin()]);
  expect(await isLate()).toBe(false);
  await begin();
  expect(await isLate()).toBe(true);
  await Promise.all([begin(), begin(), begin()]);
  expect(await isLate()).toBe(false);
});

test("those who let others begin at the same moment end apart, within the time for it", async () => {
  const times = { lateMsMin: 100, lateMsMax: 400 };
  const { begin, letOthersBegin } = openSlots({ ...limits, firstMax: 8, ...times });
  await Promise.all([begin(), begin(), begin()]);
  const beganAt = performance.now();
  const each = async () => {
    await letOthersBegin();
    return performance.now() - beganAt;
  };
  const took = await Promise.all(Array.from({ length: 30 }, each));
  // A timer of Node may be a millisecond early.
  expect(Math.min(...took)).toBeGreaterThan(98);
  expect(Math.max(...took)).toBeLessThan(1_000);
  // Thirty within a third of the time by chance: once in 10^12 runs.
  expect(Math.max(...took) - Math.min(...took)).toBeGreaterThan(100);
});

test("nobody lets others begin any more when it is closed", async () => {
  const closing = openSlots({ ...limits, firstMax: 8 });
  await Promise.all([closing.begin(), closing.begin(), closing.begin()]);
  const waiting = closing.letOthersBegin();
  await closing.close();
  await waiting;
  await expect(closing.letOthersBegin()).resolves.toBeUndefined();
});

/** Three have begun, and two seconds later, when the rush has been over for one, another does. */
function rushOfThree(late: number) {
  let now = 0;
  const given = { ...limits, firstMax: 8, lateMsMin: late, lateMsMax: late, calmMs: 1_000 };
  const { begin, letOthersBegin, mayGoOn } = openSlots(given, () => now);
  return {
    begin: () => Promise.all([begin(), begin(), begin()]),
    letOthersBegin,
    async isOverForTheNext() {
      now = 2_000;
      await begin();
      return mayGoOn();
    },
  };
}

test("a rush does not go on for those who let others begin", async () => {
  const { begin, letOthersBegin, isOverForTheNext } = rushOfThree(60_000);
  await begin();
  void letOthersBegin();
  void letOthersBegin();
  expect(await isOverForTheNext()).toBe(true);
});

test("who has let others begin counts again", async () => {
  const { begin, letOthersBegin, isOverForTheNext } = rushOfThree(1);
  await begin();
  await Promise.all([letOthersBegin(), letOthersBegin()]);
  expect(await isOverForTheNext()).toBe(false);
});

test("when the rush has had its time, and there is no room for them, no more begin than a process does by the way", async () => {
  let now = 0;
  const { begin, poll, end, permits } = openSlots({ ...limits, firstWaitMsMax: 1 }, () => now);
  const begun = await Promise.all([begin(), begin(), begin()]);
  now = limits.rushMsMax;
  expect(await begin()).toBeDefined();
  for (let polls = 0; polls <= limits.laterMax; polls += 1) void poll();
  await settle();
  expect(permits).toHaveLength(limits.laterMax);
  end(begun[0]);
  end(begun[1]);
  expect(await begin()).toBeUndefined();
  end(begun[2]);
  expect(await begin()).toBeDefined();
});

test("those who have paid wait while there is no room for what they would lead to", async () => {
  const { poll, end, mayGoOn } = openSlots();
  for (let polls = 0; polls < limits.laterMax; polls += 1) await poll();
  expect(mayGoOn()).toBe(true);
  void poll();
  expect(mayGoOn()).toBe(false);
  end();
  await settle();
  expect(mayGoOn()).toBe(true);
});

test("a poll that is given up before it has room leaves no trace", async () => {
  const { poll, end, permits } = openSlots({ ...limits, laterMax: 1 });
  await poll();
  const giveUp = new AbortController();
  const givenUp = poll(giveUp.signal);
  giveUp.abort(new Error("shutting down"));
  await expect(givenUp).rejects.toThrow("shutting down");
  await expect(poll(AbortSignal.abort(new Error("too late")))).rejects.toThrow("too late");
  void poll();
  end();
  await settle();
  expect(permits).toHaveLength(1);
});
