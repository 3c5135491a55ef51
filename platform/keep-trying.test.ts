import { expect, test } from "@jest/globals";
import { pino } from "pino";

import { createKeepTrying } from "./keep-trying.ts";

function createTries(signal = new AbortController().signal) {
  const lines: string[] = [];
  const write = (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg);
  const logger = pino({ level: "info" }, { write });
  return { lines, tries: createKeepTrying({ name: "relaying", logger, signal }) };
}

test("an outage is two lines in the log, however often it is tried", async () => {
  const { lines, tries } = createTries();
  const wasFailing: boolean[] = [];
  await tries.run(async () => {
    wasFailing.push(tries.isFailing);
    if (wasFailing.length < 4) throw new Error("away");
  });
  expect(wasFailing).toEqual([false, true, true, true]);
  expect(tries.isFailing).toBe(false);
  expect(lines).toEqual([
    "relaying: fails, and is tried until it succeeds",
    "relaying: works again",
  ]);
});

test("work that goes on for long says itself that it works again", async () => {
  const { lines, tries } = createTries();
  let attempts = 0;
  await tries.run(async (works) => {
    attempts += 1;
    if (attempts === 1) throw new Error("away");
    works();
    expect(tries.isFailing).toBe(false);
  });
  expect(lines).toHaveLength(2);
});

test("it stops trying when nobody wants it any more", async () => {
  const closing = new AbortController();
  const { lines, tries } = createTries(closing.signal);
  let attempts = 0;
  await tries.run(async () => {
    attempts += 1;
    if (attempts === 2) closing.abort();
    throw new Error("away");
  });
  expect(attempts).toBe(2);
  expect(lines).toHaveLength(1);
});
