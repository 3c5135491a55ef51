import { expect, test } from "@jest/globals";

import { drawPlot } from "./draw-plot.ts";
import { createScale, niceTicks } from "./scale.ts";

test.each([
  [0, 500, [0, 100, 200, 300, 400, 500]],
  [0, 60, [0, 20, 40, 60]],
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [-3, 41, [0, 10, 20, 30, 40, 50]],
])("from %d to %d it counts in steps that people count in", (low, high, ticks) => {
  expect(niceTicks(low, high)).toEqual(ticks);
});

test("a log axis goes from one power of ten to another, and keeps equal ratios equally far", () => {
  const { ticks, place } = createScale({ label: "ms", kind: "log" }, [0, 3, 700]);
  expect(ticks.map(({ value }) => value)).toEqual([1, 10, 100, 1_000]);
  expect(place(1)).toBe(0);
  expect(place(1_000)).toBe(1);
  expect(place(100) - place(10)).toBeCloseTo(place(10) - place(1));
  // Nothing is drawn outside.
  expect(place(0.01)).toBe(0);
});

test("a tight axis ends where its values do", () => {
  const { ticks, place } = createScale({ label: "s", isTight: true }, [0, 86]);
  expect(ticks.map(({ value }) => value)).toEqual([0, 20, 40, 60, 80]);
  expect(place(86)).toBe(1);
});

test("a plot says what it shows, in words of its own, and brings colours for light and dark paper", () => {
  const svg = drawPlot({
    title: "Seats & <people>",
    x: { label: "seconds" },
    y: { label: "seats" },
    series: [
      {
        name: "sold",
        kind: "line",
        colour: 0,
        points: [
          [0, 0],
          [10, 50],
        ],
      },
      { name: "asked", kind: "dots", colour: 1, points: [[5, 25]] },
    ],
    marks: [{ x: 5, text: "half" }],
  });
  for (const text of ["seconds", "seats", "sold", "asked", "half", "prefers-color-scheme:dark"]) {
    expect(svg).toContain(text);
  }
  expect(svg).toContain("<title>Seats &#38; &#60;people&#62;</title>");
  // The middle of both axes is the middle of the frame.
  expect(svg).toContain("M438 229h0");
});

test("nothing to draw is an empty frame", () => {
  const empty = { label: "" };
  expect(drawPlot({ title: "", x: empty, y: empty, series: [] })).not.toMatch(/NaN|Infinity/);
});
