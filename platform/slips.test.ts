import { expect, test } from "@jest/globals";

import { createSlips } from "./slips.ts";

const slips = createSlips(Buffer.alloc(32, 1).toString("base64"));
const slip = slips.sign("place", ["show", "42"]);

test("a slip says what was written on it", () => {
  expect(slips.read("place", slip)).toEqual(["show", "42"]);
});

test("a slip that was changed, is of another kind or of another key, says nothing", () => {
  const wrong = ["", ".", "show.42", slip.slice(1), `${slip}A`, slip.replace("42", "43"), "%.%.%"];
  for (const text of wrong) expect(slips.read("place", text)).toBeUndefined();
  expect(slips.read("pass", slip)).toBeUndefined();
  const others = createSlips(Buffer.alloc(32, 2).toString("base64"));
  expect(others.read("place", slip)).toBeUndefined();
});

test("a word is never empty and has no dot, so that words cannot run into each other", () => {
  expect(() => slips.sign("place", ["show", ""])).toThrow("No words");
  expect(() => slips.sign("place", ["show.42", "1"])).toThrow("No words");
  expect(() => slips.sign("place", ["a b"])).toThrow("No words");
});
