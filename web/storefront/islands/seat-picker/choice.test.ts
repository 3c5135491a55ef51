import { expect, test } from "@jest/globals";

import {
  countChosen,
  dropSeats,
  nothingChosen,
  priceChoice,
  setPlaces,
  toggleSeat,
} from "./choice.ts";
import { createHall } from "./hall.ts";
import { stepInRows } from "./step-in-rows.ts";

const hall = createHall({
  name: "Hall",
  width: 6,
  height: 4,
  stage: { label: "Stage", x: 0, y: 0, width: 6, height: 1 },
  sections: [
    { id: "S", name: "Stalls" },
    { id: "E", name: "Empty" },
  ],
  seats: [
    ...[1, 2, 3].map((number) => seat("A", number, "STD")),
    ...[1, 2, 3, 4, 5].map((number) => seat("B", number, "TOP")),
  ],
  areas: [{ id: "FLOOR", name: "Floor", capacity: 50, priceCode: "STAND", outline: [] }],
});
const prices = [
  { priceCode: "TOP", name: "Best", amountMinor: 2_000, feeMinor: 200 },
  { priceCode: "STD", name: "Standard", amountMinor: 1_000, feeMinor: 100 },
  { priceCode: "STAND", name: "Standing", amountMinor: 500, feeMinor: 50 },
];

function seat(row: string, number: number, priceCode: string) {
  return { id: `${row}${number}`, section: "S", row, number, x: number, y: 2, priceCode };
}

test("a seat is taken, and taken again lets it go", () => {
  const once = toggleSeat(nothingChosen, "A1", 4) ?? nothingChosen;
  expect(once.seatIds).toEqual(["A1"]);
  expect(toggleSeat(once, "A1", 4)?.seatIds).toEqual([]);
});

test("nobody chooses more than a buyer may have, seats and places together", () => {
  const two = { seatIds: ["A1", "A2"], places: {} };
  const full = setPlaces(two, { area: "FLOOR", count: 9, free: 50, seatsMax: 4 });
  expect(full.places).toEqual({ FLOOR: 2 });
  expect(countChosen(full)).toBe(4);
  expect(toggleSeat(full, "B1", 4)).toBeUndefined();
  // To let go is always possible.
  expect(toggleSeat(full, "A1", 4)?.seatIds).toEqual(["A2"]);
});

test("an area gives no more than is free, and never less than nothing", () => {
  const wish = { area: "FLOOR", free: 3, seatsMax: 10 };
  expect(setPlaces(nothingChosen, { ...wish, count: 5 }).places).toEqual({ FLOOR: 3 });
  expect(setPlaces(nothingChosen, { ...wish, count: -1 }).places).toEqual({ FLOOR: 0 });
});

test("the sum is that of all seats and places with their fees, line by line in the order of prices", () => {
  const choice = { seatIds: ["A1", "B1", "A2"], places: { FLOOR: 2 } };
  const { lines, totalMinor } = priceChoice(choice, hall, prices);
  expect(lines.map(({ price, count, amountMinor }) => [price.name, count, amountMinor])).toEqual([
    ["Best", 1, 2_200],
    ["Standard", 2, 2_200],
    ["Standing", 2, 1_100],
  ]);
  expect(totalMinor).toBe(5_500);
});

test("lost seats leave the choice, the others stay", () => {
  expect(dropSeats({ seatIds: ["A1", "A2"], places: {} }, ["A1", "B1"]).seatIds).toEqual(["A2"]);
});

test("rows are listed with their seats, and sections without any are not", () => {
  expect(hall.sections.map(({ name }) => name)).toEqual(["Stalls"]);
  expect(hall.sections[0]?.rows.map(({ name, seats }) => [name, seats.length])).toEqual([
    ["A", 3],
    ["B", 5],
  ]);
});

test("keys lead along rows and, up and down, to the seat in front or behind", () => {
  const rows = hall.sections[0]?.rows ?? [];
  const xOf = (position: number) => hall.layout.seats[position]?.x ?? 0;
  const step = (row: number, at: number, key: string) =>
    stepInRows(rows, { row, seat: at }, key, xOf);
  expect(step(0, 0, "ArrowRight")).toEqual({ row: 0, seat: 1 });
  expect(step(0, 2, "ArrowRight")).toEqual({ row: 0, seat: 2 });
  expect(step(0, 0, "ArrowLeft")).toEqual({ row: 0, seat: 0 });
  expect(step(1, 1, "ArrowUp")).toEqual({ row: 0, seat: 1 });
  expect(step(1, 4, "ArrowUp")).toEqual({ row: 0, seat: 2 });
  expect(step(0, 1, "ArrowUp")).toEqual({ row: 0, seat: 1 });
  expect(step(1, 2, "End")).toEqual({ row: 1, seat: 4 });
  expect(step(1, 2, "Home")).toEqual({ row: 1, seat: 0 });
  expect(step(1, 2, "x")).toBeUndefined();
});
