import { expect, test } from "@jest/globals";

import { joinChart } from "./join-chart.ts";

const samplesOf = (...joined: number[]) =>
  joined.map((count, index) => ({ atMs: index * 15_000, joined: count }));

test("a bar is what came between two looks, the highest fills the picture, and the words say the sum", async () => {
  const chart = String(await joinChart(samplesOf(100, 130, 130, 1_330)));
  expect(chart.match(/<rect/g)).toHaveLength(3);
  expect([...chart.matchAll(/ height="([\d.]+)"/g)].map(([, height]) => height)).toEqual([
    ...["2.0", "1.0", "60.0"],
  ]);
  expect(chart).toContain('aria-label="1,230 joined in the last minute"');
});

test("before there is anything to compare nothing is drawn", async () => {
  expect(String(await joinChart(samplesOf()))).toBe("");
  expect(String(await joinChart(samplesOf(5)))).toBe("");
});

test("a line that was lost and goes on behind draws no hole", async () => {
  const chart = String(await joinChart(samplesOf(50, 40)));
  expect(chart).toContain('height="1.0"');
});
