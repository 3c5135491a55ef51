import { expect, test } from "@jest/globals";

import { findDoubleHolds } from "./small-sale.ts";

const hold = (bookingId: string, fromMs: number, untilMs: number) => ({
  ...{ seatId: "A1", bookingId, fromMs, untilMs },
});

test("two who are told at one moment that a seat is theirs are found, one after the other are not", () => {
  const first = hold("first", 0, 20);
  const during = hold("during", 10, 30);
  expect(findDoubleHolds([during, first])).toEqual([[first, during]]);
  expect(findDoubleHolds([first, hold("after", 20, 40)])).toEqual([]);
});

test("who hears of their hold when it is over has not been told that the seat is theirs", () => {
  expect(findDoubleHolds([hold("sold", 40, 1_000), hold("late", 45, 39)])).toEqual([]);
});
