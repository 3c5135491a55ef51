import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";

import { createCallCount } from "./call-count.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** What is said after turns a second apart, of which each has called so many. */
function paceAfter(turns: number[]): number {
  const calls = createCallCount();
  let served = 0;
  calls.hear(served);
  for (const called of turns) {
    jest.advanceTimersByTime(1_000);
    served += called;
    calls.hear(served);
  }
  return calls.perMinute();
}

const seconds = (count: number, called: (second: number) => number) =>
  Array.from({ length: count }, (_, second) => called(second));

test("a line that moves evenly has the pace that it moves at", () => {
  expect(paceAfter(seconds(60, () => 2))).toBe(120);
  expect(paceAfter(seconds(3, () => 100))).toBe(6_000);
});

test("a line that moves seldom has the pace of its last minute, also just after a call", () => {
  expect(paceAfter(seconds(61, (second) => (second % 20 === 0 ? 1 : 0)))).toBe(3);
});

test("after the rush of an opening it is soon the pace of those who leave", () => {
  const rush = [40, 60, 100, 93];
  expect(paceAfter([...rush, ...seconds(4, () => 1)])).toBeLessThanOrEqual(300);
  expect(paceAfter([...rush, ...seconds(20, () => 1)])).toBeLessThanOrEqual(66);
});

test("nobody can say after one turn", () => {
  expect(paceAfter([])).toBe(0);
});
