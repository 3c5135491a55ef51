import { expect, test } from "@jest/globals";

import { nameSeats } from "./name-seats.ts";

const areas = [{ id: "FLOOR", name: "Standing floor" }];

test("seats are named by their ids, places by their area and how many they are", () => {
  expect(nameSeats(["F7", "FLOOR:000017", "F8"], areas)).toEqual(["F7", "F8", "Standing floor"]);
  expect(nameSeats(["FLOOR:000017", "FLOOR:000003"], areas)).toEqual(["2 × Standing floor"]);
  // A layout that does not know it any more.
  expect(nameSeats(["LAWN:000001"], areas)).toEqual(["LAWN"]);
});
