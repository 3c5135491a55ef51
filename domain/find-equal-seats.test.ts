import { expect, test } from "@jest/globals";

import { findEqualSeats } from "./find-equal-seats.ts";
import type { Layout, LayoutSeat } from "./layout.ts";

// A hall of two rows, with an aisle between 4 and 6, and dearer seats in row B:
//
//     A   1 2 3 4   6 7 8+
//     B   1 2 3 4   6 7 8

const numbers = [1, 2, 3, 4, 6, 7, 8];
const seats = [
  ...numbers.map((number) => seat("A", number, "STD")),
  ...numbers.map((number) => seat("B", number, "TOP")),
];
const layout: Layout = {
  ...{ name: "Hall", width: 9, height: 3, sections: [{ id: "S", name: "Stalls" }], seats },
  stage: { label: "Stage", x: 0, y: 0, width: 9, height: 1 },
};

function seat(row: string, number: number, priceCode: string): LayoutSeat {
  const isAccessible = row === "A" && number === 8;
  return {
    ...{ id: `${row}${number}`, section: "S", row, number, priceCode },
    ...{ x: number, y: row === "A" ? 1 : 2 },
    ...(isAccessible && { accessible: true }),
  };
}

const except =
  (...taken: string[]) =>
  (seatId: string) =>
    !taken.includes(seatId);

test("equal seats stand side by side in one row, across no aisle, at the same prices, the nearest first", () => {
  const found = findEqualSeats(layout, ["A1", "A2"], except("A1", "A2"));
  expect(found).toEqual([
    ["A3", "A4"],
    ["A6", "A7"],
  ]);
});

test("a group with one taken seat is none, and no more are named than are asked for", () => {
  expect(findEqualSeats(layout, ["A1", "A2"], except("A2", "A4"))).toEqual([["A6", "A7"]]);
  expect(findEqualSeats(layout, ["A1"], except("A1"), 2)).toEqual([["A2"], ["A3"]]);
});

test("places for wheelchairs are for those who had one, and nothing else is as good for them", () => {
  expect(findEqualSeats(layout, ["A7"], except("A7")).flat()).not.toContain("A8");
  expect(findEqualSeats(layout, ["A8"], except("A8"))).toEqual([]);
});

test("rows of the same name in two sections are two rows", () => {
  const [left, right] = ["L", "R"].map((section, index) => ({
    ...seat("A", index + 1, "STD"),
    ...{ id: `${section}${index + 1}`, section },
  })) as [LayoutSeat, LayoutSeat];
  const old = [seat("B", 1, "STD"), seat("B", 2, "STD")];
  const halves = { ...layout, seats: [left, right, ...old] };
  expect(findEqualSeats(halves, ["B1", "B2"], except("B1", "B2"))).toEqual([]);
});

test("a layout that knows a seat no more has nothing equal to it", () => {
  expect(findEqualSeats(layout, ["A1", "Z9"], () => true)).toEqual([]);
});

test("neighbours are known by their numbers and prices by their codes, in whatever order both are listed", () => {
  const prices = { 1: "STD", 2: "TOP", 4: "TOP", 5: "STD" };
  const mixed = Object.entries(prices).map(([number, code]) => seat("B", Number(number), code));
  const [one, two, four, five] = mixed as [LayoutSeat, LayoutSeat, LayoutSeat, LayoutSeat];
  const unsorted = { ...layout, seats: [five, one, four, two] };
  const [found] = findEqualSeats(unsorted, ["B1", "B2"], except("B1", "B2"));
  expect(found).toEqual(["B4", "B5"]);
});
