import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { expandLayout } from "./expand-layout.ts";
import { seatDistanceMin } from "./find-seat-clashes.ts";
import type { LayoutPlan, RowsPlan, SectionPlan } from "./layout-plan.ts";
import { seatIdPattern } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { listShowSeats } from "./places.ts";

const run: RowsPlan = {
  rows: "A-B",
  skip: [],
  seats: 4,
  growBy: 0,
  firstNumber: 1,
  aislesAfter: [],
  gapBefore: 0,
  priceCode: "STD",
};

function section(change: Partial<SectionPlan> = {}): SectionPlan {
  return {
    id: "S",
    name: "Stalls",
    seatPrefix: "",
    placement: { kind: "straight", x: 0, y: 0, degrees: 0, rowPitch: 1.2 },
    rows: [run],
    accessible: [],
    companion: [],
    ...change,
  };
}

function plan(...sections: SectionPlan[]): LayoutPlan {
  const stage = { label: "Stage", x: -2, y: -3, width: 4, height: 1 };
  return { name: "Hall", stage, sections, areas: [] };
}

function expanded(layoutPlan: LayoutPlan): Layout {
  const result = expandLayout(layoutPlan, []);
  if (result.outcome === "refused") throw new Error(JSON.stringify(result.problems));
  return result.layout;
}

function problemsOf(layoutPlan: LayoutPlan): unknown {
  const result = expandLayout(layoutPlan, ["layouts", 0]);
  return result.outcome === "refused" ? result.problems : [];
}

const floor = {
  ...{ id: "FLOOR", name: "Standing", capacity: 20_000, priceCode: "FLOOR" },
  outline: [
    { x: -10, y: -1 },
    { x: 10, y: -1 },
    { x: 0, y: 30 },
  ],
};

test("an area is described and not listed: 20,000 places weigh no more than one, and the drawing has room for their shape", () => {
  const layout = expanded({ ...plan(section()), areas: [floor] });
  expect(layout.areas).toEqual([
    {
      ...{ id: "FLOOR", name: "Standing", capacity: 20_000, priceCode: "FLOOR" },
      outline: [
        { x: 1, y: 3 },
        { x: 21, y: 3 },
        { x: 11, y: 34 },
      ],
    },
  ]);
  expect([layout.width, layout.height]).toEqual([22, 35]);
  const places = listShowSeats(layout).slice(layout.seats.length);
  expect([places.length, new Set(places.map(({ id }) => id)).size]).toEqual([20_000, 20_000]);
  expect(places[16]).toEqual({ id: "FLOOR:000017", priceCode: "FLOOR" });
  // No order can name one, and no seat can have such an id.
  expect(places.some(({ id }) => seatIdPattern.test(id))).toBe(false);
});

test("a layout without areas is written as it always was, so that its hash stays", () => {
  expect(Object.keys(expanded(plan(section())))).not.toContain("areas");
});

test("an area whose id a section or another area has is refused, and so are too many places", () => {
  const areas = [{ ...floor, id: "S" }, floor, floor];
  expect(problemsOf({ ...plan(section()), areas })).toEqual([
    { path: ["layouts", 0, "areas", 0, "id"], message: "The id S is used twice" },
    { path: ["layouts", 0, "areas", 2, "id"], message: "The id FLOOR is used twice" },
  ]);
  expect(problemsOf({ ...plan(), areas: [{ ...floor, capacity: 100_001 }] })).toEqual([
    { path: ["layouts", 0], message: "A layout has at most 100000 seats and places" },
  ]);
});

test("rows and seats get ids, numbers from the left, an aisle, and places behind the stage", () => {
  const rows = [{ ...run, rows: "H-J", skip: ["I"], seats: 3, aislesAfter: [1] }];
  const accessible = [{ row: "J", from: 1, to: 1 }];
  const { seats } = expanded(plan(section({ rows, accessible })));
  expect(seats.map(({ id, x, y }) => [id, x, y])).toEqual([
    ["H1", 1.5, 4],
    ["H2", 3.5, 4],
    ["H3", 4.5, 4],
    ["J1", 1.5, 5.2],
    ["J2", 3.5, 5.2],
    ["J3", 4.5, 5.2],
  ]);
  expect(seats.filter((seat) => seat.accessible).map(({ id }) => id)).toEqual(["J1"]);
});

const anyRun = fc.record({
  rows: fc.constantFrom("A", "A-F", "X-AC", "1-12", "H-K"),
  skip: fc.constantFrom<string[]>([], ["I"]),
  seats: fc.integer({ min: 12, max: 40 }),
  growBy: fc.integer({ min: -1, max: 3 }),
  firstNumber: fc.constantFrom(1, 101),
  aislesAfter: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  gapBefore: fc.constantFrom(0, 1.5),
  priceCode: fc.constantFrom("STD", "VIP"),
});
const degrees = fc.integer({ min: -180, max: 180 });
const rowPitch = fc.constantFrom(1, 1.2, 1.5);
const coordinate = fc.integer({ min: -60, max: 60 });
const anyPlacement = fc.oneof(
  fc.record({
    kind: fc.constant("straight" as const),
    ...{ x: coordinate, y: coordinate, degrees, rowPitch },
  }),
  fc.record({
    kind: fc.constant("arc" as const),
    ...{ x: coordinate, y: coordinate, degrees, rowPitch },
    radius: fc.integer({ min: 10, max: 80 }),
  }),
);
const anySection = fc.record({
  id: fc.constantFrom("S", "B", "101"),
  seatPrefix: fc.constantFrom("", "S", "101"),
  placement: anyPlacement,
  rows: fc.array(anyRun, { minLength: 1, maxLength: 3 }),
});

test("whatever the plan: its seats have ids of their own and stand beside each other, or it is refused", () => {
  const count = { expanded: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.array(anySection, { minLength: 1, maxLength: 3 }),
      (sections: Partial<SectionPlan>[]) => {
        const result = expandLayout(plan(...sections.map((change) => section(change))), []);
        count[result.outcome] += 1;
        const layout = result.outcome === "expanded" ? result.layout : undefined;
        assertSound(layout);
      },
    ),
    { numRuns: 300, seed: 4 },
  );
  // Neither half of the promise is empty.
  expect(count.expanded).toBeGreaterThan(20);
  expect(count.refused).toBeGreaterThan(20);
});

function assertSound(layout: Layout | undefined): void {
  const { seats, width, height } = layout ?? { seats: [], width: 0, height: 0 };
  expect(new Set(seats.map(({ id }) => id)).size).toBe(seats.length);
  expect(seats.filter(({ id }) => !seatIdPattern.test(id))).toEqual([]);
  expect(seats.filter(({ x, y }) => x < 0 || y < 0 || x > width || y > height)).toEqual([]);
  let nearest = Infinity;
  for (const [index, one] of seats.entries()) {
    for (const other of seats.slice(index + 1)) {
      nearest = Math.min(nearest, (one.x - other.x) ** 2 + (one.y - other.y) ** 2);
    }
  }
  // Places are rounded to hundredths after they were compared.
  expect(Math.sqrt(nearest)).toBeGreaterThanOrEqual(seatDistanceMin - 0.015);
}

test("two seats with one id are reported, and so are two on one place", () => {
  const path = ["layouts", 0];
  const messages = ["Two seats would be A1: give a section a seatPrefix", "Seat A1 stands on A1"];
  expect(problemsOf(plan(section(), section({ id: "T" })))).toEqual(
    expect.arrayContaining(messages.map((message) => ({ path, message }))),
  );
});

test("a row that does not fit, a range that is none and seats that are not there are each reported", () => {
  const placement = { kind: "arc" as const, x: 0, y: 0, radius: 5, degrees: 0, rowPitch: 1 };
  const rows = [
    { ...run, rows: "A", seats: 60 },
    { ...run, rows: "F-A" },
    { ...run, rows: "C", growBy: 0 },
  ];
  const accessible = [{ row: "C", from: 3, to: 9 }];
  const base = ["layouts", 0, "sections", 0];
  expect(problemsOf(plan(section({ placement, rows, accessible })))).toEqual([
    { path: [...base, "rows", 0], message: "Row A: 60 seats are too many for its circle" },
    { path: [...base, "rows", 1, "rows"], message: expect.stringContaining('"F-A" is neither') },
    { path: [...base, "accessible", 0], message: "Row C of this section has no seats 3 to 9" },
  ]);
});

test("more seats than a layout may have are refused before they are all laid out", () => {
  const rows = Array.from({ length: 50 }, () => ({ ...run, rows: "1-200", seats: 1_000 }));
  expect(problemsOf(plan(section({ rows })))).toEqual([
    { path: ["layouts", 0], message: "A layout has at most 100000 seats and places" },
  ]);
});
