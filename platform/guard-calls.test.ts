import { expect, test } from "@jest/globals";

import { guardCalls } from "./guard-calls.ts";

const limits = {
  ...{ callMsMax: 60_000, concurrentMax: 1, queuedMax: 1, queuedMsMax: 60_000 },
  ...{ failuresMax: 2, breakMs: 60_000 },
};

test("so many calls are under way, so many wait, and the next is refused at once", async () => {
  const guard = guardCalls(limits, () => false);
  const { promise: answer, resolve } = Promise.withResolvers<string>();
  const [first, second] = [guard.execute(() => answer), guard.execute(() => answer)];
  await expect(guard.execute(() => answer)).rejects.toThrow(/bulkhead/i);
  resolve("here");
  expect(await Promise.all([first, second])).toEqual(["here", "here"]);
});

test("nobody waits in the queue for longer than that, and what has waited too long is never called", async () => {
  const guard = guardCalls({ ...limits, queuedMsMax: 20 }, () => false);
  const { promise: answer, resolve } = Promise.withResolvers<string>();
  const first = guard.execute(() => answer);
  const called: string[] = [];
  const second = guard.execute(async () => called.push("second"));
  await expect(second).rejects.toThrow(/bulkhead/i);
  resolve("here");
  // Its own time in the queue has long passed, but it was under way.
  expect(await first).toBe("here");
  await guard.execute(async () => called.push("third"));
  expect(called).toEqual(["third"]);
});

test("after so many outages in a row nothing is called; what is no outage counts for nothing", async () => {
  const guard = guardCalls(limits, (error) => error instanceof RangeError);
  let calls = 0;
  const fail = (error: Error) =>
    guard.execute(() => {
      calls += 1;
      throw error;
    });
  for (let time = 0; time < 3; time += 1) await expect(fail(new Error("no"))).rejects.toThrow("no");
  for (const answer of ["away", "away", "circuit", "circuit"]) {
    await expect(fail(new RangeError("away"))).rejects.toThrow(answer);
  }
  expect(calls).toBe(5);
});
