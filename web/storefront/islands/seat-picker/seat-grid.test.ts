import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { createSeatGrid } from "./seat-grid.ts";

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 60 });

test("the nearest seat is the one that a look at all seats finds", () => {
  fc.assert(
    fc.property(points, coordinate, coordinate, (seats, x, y) => {
      const reach = 6;
      const distances = seats.map((seat) => Math.hypot(seat.x - x, seat.y - y));
      const least = Math.min(reach, ...distances);
      const found = createSeatGrid(seats).nearest({ x, y }, reach);
      const isNone = distances.every((distance) => distance > reach);
      expect(found === undefined).toBe(isNone);
      expect(found === undefined ? least : distances[found]).toBe(least);
    }),
  );
});

test("every seat in a box is found, each once", () => {
  fc.assert(
    fc.property(points, coordinate, coordinate, (seats, left, top) => {
      const box = { left, top, right: left + 20, bottom: top + 10 };
      const found = createSeatGrid(seats).within(box);
      const inside = seats.flatMap(({ x, y }, position) => {
        return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom ? [position] : [];
      });
      expect(found).toEqual(expect.arrayContaining(inside));
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});
