import { createHash } from "node:crypto";

import { expect, test } from "@jest/globals";

import type { Queued } from "./diary.ts";
import { judgeDraw, judgeLine, ordersOf } from "./judge.ts";
import { scenarios } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import type { Look } from "./watch-sale.ts";

const early = "people who came in before their number was called";
const backwards = "looks at which the line had gone back";

test("whoever comes in when the line has come as far as their number is not early, and is early otherwise", () => {
  const served = [0, 10, 20];
  expect(judge(served, [inside(20, 2_000)])).toMatchObject({ [early]: "0", [backwards]: "0" });
  expect(judge(served, [inside(20, 2_000), inside(21, 2_000)])).toMatchObject({ [early]: "1" });
});

test("who was called before the line went back was called; that it went back is counted by itself", () => {
  const served = [0, 20, 5, 5, 8, 25];
  const queued = [inside(20, 1_500), inside(21, 1_500)];
  expect(judge(served, queued)).toMatchObject({ [early]: "1", [backwards]: "1" });
});

test("a draw that keeps the order of arrivals is none, nor is one with another seed; where nobody is drawn, nobody asks", () => {
  const people = Array.from({ length: 400 }, (_, index) => index + 1);
  const seed = "ab".repeat(32);
  const promised = createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex");
  const verdicts = (numberOf: (place: number) => number, name = "early", told = seed) => {
    const queued = people.map((place) => ({
      ...inside(numberOf(place), 2_000),
      arrivalMs: place,
    }));
    const draw = { promised, commitment: promised, seed: told, entries: 400 };
    const scenario = scenarios[name] as Scenario;
    return judgeDraw({ scenario, crowd: { queued }, draw }).map(({ holds }) => holds);
  };
  const shuffled = (place: number) => (place * 163) % 401;
  expect(verdicts(shuffled)).toEqual([true, true]);
  expect(verdicts((place) => place)).toEqual([false, true]);
  expect(verdicts((place) => 401 - place)).toEqual([false, true]);
  expect(verdicts(shuffled, "early", "cd".repeat(32))).toEqual([true, false]);
  expect(verdicts(shuffled, "opening")).toEqual([]);
});

test("sales are compared by their orders of the first fifteen seconds in which people are called", () => {
  const order = (atMs: number) => ({ atMs, ms: 1, code: "OK" });
  const looks = [0, 0, 7].map((called, second) => lookAt(second * 1_000, called));
  const reserves = [order(2_000), order(16_999), order(17_000)];
  const sale = { looks, crowd: { reserves } };
  expect(ordersOf([sale, sale])).toEqual([2_000, 16_999, 2_000, 16_999].map(order));
});

/** A look a second, at which the line says how far it is. */
function judge(served: readonly number[], queued: Queued[]): Record<string, string> {
  const looks = served.map((called, second) => lookAt(second * 1_000 + 2_500, called));
  const scenario = scenarios["opening"] as Scenario;
  const findings = judgeLine({ scenario, looks, crowd: { queued } });
  return Object.fromEntries(findings.map(({ what, measured }) => [what, measured]));
}

function lookAt(atMs: number, called: number): Look {
  return {
    ...{ atMs, free: 0, held: 0, sold: 0, joined: 0, called },
    ...{ calledByShow: [called], inside: 0, insideMost: 0 },
  };
}

function inside(number: number, insideMs: number): Queued {
  return {
    ...{ show: 0, number, arrivalMs: 0, waitingMs: 0 },
    ...{ calledMs: insideMs, insideMs },
  };
}
