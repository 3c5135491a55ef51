import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";

import { createBriefMemory } from "./brief-memory.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("each value is there until its own time is over, to the millisecond", () => {
  const memory = createBriefMemory<string>({ namesMax: 10 });
  memory.set("short", "a", 250);
  memory.set("long", "b", 1_000);
  memory.set("over", "c", 0);
  expect(memory.get("over")).toBeUndefined();
  jest.advanceTimersByTime(249);
  expect([memory.get("short"), memory.get("long")]).toEqual(["a", "b"]);
  jest.advanceTimersByTime(1);
  expect([memory.get("short"), memory.get("long")]).toEqual([undefined, "b"]);
  jest.advanceTimersByTime(750);
  expect(memory.get("long")).toBeUndefined();
});

test("what is set again has its new value for its new time", () => {
  const memory = createBriefMemory<string>({ namesMax: 10 });
  memory.set("a", "first", 1_000);
  jest.advanceTimersByTime(900);
  memory.set("a", "second", 1_000);
  jest.advanceTimersByTime(900);
  expect(memory.get("a")).toBe("second");
  memory.set("a", "third", 50);
  jest.advanceTimersByTime(50);
  expect(memory.get("a")).toBeUndefined();
});

test("of too many the one that was set first goes, whether it is asked for or not; set again counts as new", () => {
  const memory = createBriefMemory<number>({ namesMax: 2 });
  const known = () => ["a", "b", "c"].filter((name) => memory.get(name) !== undefined);
  memory.set("a", 1, 1_000);
  memory.set("b", 2, 1_000);
  memory.set("a", 3, 1_000);
  memory.set("c", 4, 1_000);
  expect(known()).toEqual(["a", "c"]);
  memory.set("b", 5, 1_000);
  expect(known()).toEqual(["b", "c"]);
});

test("what is deleted is gone, and leaves its room to others", () => {
  const memory = createBriefMemory<number>({ namesMax: 2 });
  memory.set("a", 1, 1_000);
  memory.set("b", 2, 1_000);
  memory.delete("b");
  memory.set("c", 3, 1_000);
  expect(["a", "b", "c"].map((name) => memory.get(name))).toEqual([1, undefined, 3]);
});
