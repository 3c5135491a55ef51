import { expect, test } from "@jest/globals";

import { drawSoldMap } from "./draw-sold-map.ts";
import type { Layout } from "./layout.ts";
import type { SeatState } from "./show-figures.ts";

function hall(seats: number): Layout {
  return {
    ...{ name: "Hall <1>", width: 200, height: 200, sections: [{ id: "S", name: "Stalls" }] },
    stage: { label: 'The "Stage"', x: 0, y: 0, width: 10, height: 1 },
    seats: Array.from({ length: seats }, (_, index) => ({
      ...{ id: `ROW${Math.floor(index / 200)}-${index % 200}`, section: "S", row: "A" },
      ...{ number: index, x: index % 200, y: 2 + Math.floor(index / 200), priceCode: "STD" },
    })),
    areas: [
      {
        ...{ id: "FLOOR", name: "Floor", capacity: 3, priceCode: "STD" },
        outline: [
          { x: 0, y: 0 },
          { x: 4, y: 0 },
          { x: 4, y: 4 },
        ],
      },
    ],
  };
}

test("each seat is drawn once, in the group of its state, and words of the layout stay words", () => {
  const states = new Map<string, SeatState>([
    ["ROW0-0", "sold"],
    ["ROW0-1", "blocked"],
    ["FLOOR:000001", "sold"],
    ["FLOOR:000002", "available"],
    ["FLOOR:000003", "available"],
  ]);
  const svg = drawSoldMap(hall(3), states);
  expect(svg).toContain('<g class="sold"><circle cx="0" cy="20" r="4" data-seat="ROW0-0"/></g>');
  expect(svg).toContain('<g class="blocked"><path d="M6 16l8 8m0-8l-8 8" data-seat="ROW0-1"/></g>');
  expect(svg).toContain('<g class="available"><circle cx="20"');
  expect(svg).toContain("Floor: 1 of 3 taken");
  expect(svg).toContain("Hall &lt;1&gt;");
  expect(svg).not.toContain("<1>");
});

test("twenty thousand seats stay below 1.5 MB", () => {
  const layout = hall(20_000);
  const states = new Map(layout.seats.map(({ id }) => [id, "given" as const]));
  expect(drawSoldMap(layout, states).length).toBeLessThan(1_500_000);
});
