import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";

import { expect, test } from "@jest/globals";

const script = readFileSync(new URL("solve-challenge.js", import.meta.url), "utf8");
// As a function of its own: in a context of its own each name would be looked up, a thousand times slower.
const worker = compileFunction(script, ["addEventListener", "postMessage"]);

test("the number that it finds is the first that fits, however long the nonce is", () => {
  for (let length = 0; length < 140; length += 1) {
    const nonce = "x".repeat(length);
    expect(solve(nonce, 6).at(-1)).toEqual({ found: firstThatFits(nonce, 6) });
  }
});

test("it tells how far it is, also across a number that makes the text a block longer", () => {
  // 53 bytes, the colon and one digit fill a block to its last byte; with a second digit it is two.
  const nonce = "n".repeat(53);
  const told = solve(nonce, 14);
  expect(told.at(-1)).toEqual({ found: firstThatFits(nonce, 14) });
  const tried = told.slice(0, -1).map((one) => one.tried);
  expect(tried).toEqual(tried.map((_, index) => index * 4_096));
  expect(tried.length).toBeGreaterThan(1);
});

type Told = { tried?: number; found?: string };

/** Runs the worker with this much of one, and answers with what it says. */
function solve(nonce: string, bits: number): Told[] {
  const told: Told[] = [];
  let hear: (event: { data: object }) => void = () => undefined;
  worker(
    (_: string, listener: typeof hear) => (hear = listener),
    (message: Told) => told.push(message),
  );
  hear({ data: { nonce, bits } });
  return told;
}

function firstThatFits(nonce: string, bits: number): string {
  for (let number = 0; ; number += 1) {
    const digest = createHash("sha256").update(`${nonce}:${number}`).digest();
    if (Math.clz32(digest.readUInt32BE(0)) >= bits) return `${nonce}:${number}`;
  }
}
