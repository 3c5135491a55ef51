import { expect, test } from "@jest/globals";

import { createSlots } from "./slots.ts";

test("so many have room, so many of one group, and what is given back is room again", () => {
  const slots = createSlots({ max: 3, perGroupMax: 2 });
  expect([slots.take("a"), slots.take("a"), slots.take("a")]).toEqual([true, true, false]);
  expect([slots.take("b"), slots.take("b"), slots.take()]).toEqual([true, false, false]);
  slots.giveBack("a");
  expect([slots.take("a"), slots.take("b")]).toEqual([true, false]);
  expect(slots.taken()).toBe(3);
});

test("who belongs to no group takes room from all, and from no group", () => {
  const slots = createSlots({ max: 3, perGroupMax: 1 });
  expect([slots.take(), slots.take(), slots.take("a"), slots.take()]).toEqual([
    ...[true, true, true],
    false,
  ]);
  for (const group of [undefined, undefined, "a"]) slots.giveBack(group);
  expect([slots.taken(), slots.hasRoom("a")]).toEqual([0, true]);
});
