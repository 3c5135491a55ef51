import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { fitHall, pan, toHall, toView, zoomAt } from "./camera.ts";

const hall = { width: 100, height: 40 };
const view = { width: 800, height: 600 };

test("the whole hall is seen at first, in the middle of the window", () => {
  const camera = fitHall(hall, view);
  expect(toView(camera, { x: 0, y: 20 })).toEqual({ x: 0, y: 300 });
  expect(toView(camera, { x: 100, y: 20 })).toEqual({ x: 800, y: 300 });
});

test("a small hall is not blown up", () => {
  expect(fitHall({ width: 4, height: 4 }, view).scale).toBe(48);
});

test("what is under the finger stays under it while it zooms", () => {
  const near = zoomAt(fitHall(hall, view), 3, { at: { x: 400, y: 300 }, hall, view });
  const at = { x: 420, y: 310 };
  const nearer = zoomAt(near, 1.5, { at, hall, view });
  expect(toHall(nearer, at).x).toBeCloseTo(toHall(near, at).x);
  expect(toHall(nearer, at).y).toBeCloseTo(toHall(near, at).y);
});

test("whatever is done, the hall stays in the window and its size within bounds", () => {
  const step = fc.record({
    factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
    x: fc.integer({ min: -2_000, max: 2_000 }),
    y: fc.integer({ min: -2_000, max: 2_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let camera = fitHall(hall, view);
      const least = camera.scale;
      for (const { factor, x, y } of steps) {
        camera = pan(camera, { x, y }, { hall, view });
        camera = zoomAt(camera, factor, { at: { x: 400, y: 300 }, hall, view });
      }
      expect(camera.scale).toBeGreaterThanOrEqual(least * 0.999);
      expect(camera.scale).toBeLessThanOrEqual(48);
      const middle = toHall(camera, { x: 400, y: 300 });
      expect(middle.x).toBeGreaterThanOrEqual(0);
      expect(middle.x).toBeLessThanOrEqual(100);
      expect(middle.y).toBeGreaterThanOrEqual(0);
      expect(middle.y).toBeLessThanOrEqual(40);
    }),
  );
});
