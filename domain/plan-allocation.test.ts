import { expect, test } from "@jest/globals";

import type { Layout, LayoutSeat } from "./layout.ts";
import { planAllocation } from "./plan-allocation.ts";

const seats = ["A", "B", "D"].flatMap((row) =>
  [1, 2, 3].map((number): LayoutSeat => {
    const seat = { id: `${row}${number}`, section: "S", row, number, x: number, y: 0 };
    return { ...seat, priceCode: "STD" };
  }),
);

const layout: Layout = {
  ...{ name: "Hall", width: 9, height: 9, seats, sections: [{ id: "S", name: "Stalls" }] },
  stage: { label: "Stage", x: 0, y: 0, width: 3, height: 1 },
  areas: [{ id: "LAWN", name: "Lawn", capacity: 3, priceCode: "STD", outline: [] }],
};

const plan = (blocked: object[], ofHouse: object[] = []) =>
  planAllocation(
    layout,
    { blocked, channels: [{ key: "house", seats: ofHouse }] } as Parameters<
      typeof planAllocation
    >[1],
    ["series", 0],
  );

test("seats are picked by section, by rows that the section has, and by their numbers in these", () => {
  const { rules, problems } = plan(
    [{ section: "S", rows: "A-B", from: 2, to: 3 }],
    [{ section: "S", rows: "C-D" }],
  );
  expect(problems).toEqual([]);
  expect(rules.map(({ seatId, isBlocked, channel }) => `${seatId} ${isBlocked} ${channel}`)).toEqual([
    "A2 true null", "A3 true null", "B2 true null", "B3 true null",
    "D1 false house", "D2 false house", "D3 false house",
  ]); // prettier-ignore
});

test.each([
  [{ section: "X" }, "The hall has no section or area X"],
  [{ section: "S", rows: "C" }, "Section S has no row C"],
  [{ section: "S", rows: "B-A" }, '"B-A" is no row or range of rows'],
  [{ section: "LAWN", from: 3, to: 4 }, "Area LAWN has no place 4"],
  [{ section: "S", rows: "A", from: 2, to: 4 }, "Row A of section S has no seat 4"],
])("%j is refused with its path: %s", (pick, message) => {
  expect(plan([pick]).problems).toEqual([{ path: ["series", 0, "blocked", 0], message }]);
});

test("places of an area are picked by its id and their numbers", () => {
  const { rules, problems } = plan([], [{ section: "LAWN", from: 1, to: 2 }]);
  expect(problems).toEqual([]);
  expect(rules.map(({ seatId }) => seatId)).toEqual(["LAWN:000001", "LAWN:000002"]);
});

test("a seat has one rule: one that is blocked and of a channel is refused", () => {
  const { problems } = plan(
    [{ section: "S", rows: "A", from: 3, to: 3 }],
    [
      { section: "S", rows: "B" },
      { section: "S", rows: "A" },
    ],
  );
  expect(problems).toEqual([
    {
      path: ["series", 0, "channels", 0, "seats", 1],
      message: "Seat A3 is blocked or in a channel already",
    },
  ]);
});
