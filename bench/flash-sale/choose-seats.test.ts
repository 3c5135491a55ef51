import { expect, test } from "@jest/globals";

import { createRandom } from "../../local/demo-data/create-random.ts";
import { chooseSeats, freeSeats } from "./choose-seats.ts";

test("the free seats of a bitmap are those whose two bits are 0", () => {
  expect(freeSeats(Uint8Array.of(0b11_00_01_00, 0b00_00_00_10), 6)).toEqual([0, 2, 5]);
});

test("two seats side by side while there are any, then one and the next that is left", () => {
  const random = createRandom(1);
  for (let round = 0; round < 100; round += 1) {
    expect([
      [3, 4],
      [8, 9],
    ]).toContainEqual(chooseSeats([1, 3, 4, 6, 8, 9], random));
  }
  const left = Array.from({ length: 100 }, () => chooseSeats([1, 3, 6], random).join());
  expect(new Set(left)).toEqual(new Set(["1,3", "3,6"]));
  expect(chooseSeats([6], random)).toEqual([6]);
  expect(chooseSeats([], random)).toEqual([]);
});

test("the front is wanted most: the best pair by a ninth of all, the better half by nine of ten", () => {
  const random = createRandom(2);
  const hall = Array.from({ length: 500 }, (_, place) => place);
  const wishes = Array.from({ length: 10_000 }, () => chooseSeats(hall, random)[0] ?? -1);
  const share = (below: number) => wishes.filter((place) => place < below).length / wishes.length;
  expect(share(1)).toBeGreaterThan(0.1);
  expect(share(1)).toBeLessThan(0.125);
  expect(share(250)).toBeGreaterThan(0.85);
});
