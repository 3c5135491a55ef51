import { expect, test } from "@jest/globals";

import { createRush } from "./create-rush.ts";

const limits = { calmMax: 2, calmMs: 10, rushMsMax: 100 };

function openRush() {
  let nowMs = 0;
  const rush = createRush(limits, () => nowMs);
  return (atMs: number, beginning: number, isFull = false) => {
    nowMs = atMs;
    rush.see(beginning, isFull);
    if (rush.isOn()) return "on";
    return rush.isMakingUp() ? "making up" : "off";
  };
}

/** A look each tenth of the longest rush. */
function looksAt(look: (atMs: number) => string, [from, to]: [number, number]): string[] {
  const all = Array.from({ length: to - from }, (_, index) => look((from + index) * 10));
  return all.filter((state, index) => state !== all[index - 1]);
}

test("few that begin at a time are no rush, many are one until it has been calm for a while", () => {
  const at = openRush();
  expect(at(0, 2)).toBe("off");
  expect(at(1, 3)).toBe("on");
  expect(at(10, 0)).toBe("on");
  expect(at(11, 0)).toBe("off");
});

test("those who have paid have half of the time, however many begin", () => {
  const at = openRush();
  const states = Array.from({ length: 40 }, (_, tenth) => at(tenth * 10, 3));
  const ten = { on: Array(10).fill("on"), off: Array(10).fill("off") };
  expect(states).toEqual([...ten.on, ...ten.off, ...ten.on, ...ten.off]);
});

test("as long as there is no room for those who have paid they go first, and no other rush begins", () => {
  const at = openRush();
  expect(looksAt((atMs) => at(atMs, 3, true), [0, 50])).toEqual(["on", "making up"]);
  expect(at(499, 3)).toBe("making up");
  expect(at(500, 3)).toBe("on");
});

test("… for five times as long as it may last at the most", () => {
  const at = openRush();
  expect(looksAt((atMs) => at(atMs, 3, true), [0, 120])).toEqual([
    ...["on", "making up", "on", "making up"],
  ]);
  const states = Array.from({ length: 120 }, (_, tenth) => at(1_200 + tenth * 10, 3, true));
  expect(states.filter((state) => state === "on")).toHaveLength(20);
});

test("a short rush has left nobody waiting: whoever comes right after it begins as they like", () => {
  const at = openRush();
  expect(at(0, 3)).toBe("on");
  expect(at(90, 0)).toBe("off");
  expect(looksAt((atMs) => at(atMs, 3), [10, 20])).toEqual(["off"]);
  expect(at(200, 3)).toBe("on");
});

test("without a rush before it, no room for what is done later holds nobody back", () => {
  const at = openRush();
  expect(looksAt((atMs) => at(atMs, 2, true), [0, 50])).toEqual(["off"]);
  expect(at(500, 3, true)).toBe("on");
});
