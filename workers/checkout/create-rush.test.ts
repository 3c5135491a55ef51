import { expect, test } from "@jest/globals";

import { createRush } from "./create-rush.ts";

const limits = { calmMax: 2, calmMs: 10, rushMsMax: 100 };

function openRush() {
  let nowMs = 0;
  const rush = createRush(limits, () => nowMs);
  return (atMs: number, beginning: number) => {
    nowMs = atMs;
    rush.see(beginning);
    return rush.isOn();
  };
}

test("few that begin at a time are no rush, many are one until it has been calm for a while", () => {
  const at = openRush();
  expect(at(0, 2)).toBe(false);
  expect(at(1, 3)).toBe(true);
  expect(at(10, 0)).toBe(true);
  expect(at(11, 0)).toBe(false);
});

test("those who have paid have half of the time, however many begin", () => {
  const at = openRush();
  const isOn = Array.from({ length: 40 }, (_, tenth) => at(tenth * 10, 3));
  const ten = { on: Array(10).fill(true), off: Array(10).fill(false) };
  expect(isOn).toEqual([...ten.on, ...ten.off, ...ten.on, ...ten.off]);
});
