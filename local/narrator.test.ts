import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";

import { createNarrator } from "./narrator.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("a start that is quiet for five seconds says what it waits for, and nothing once all is there", async () => {
  const said: string[] = [];
  const narrator = createNarrator((line) => said.push(line));
  const kafka = Promise.withResolvers<string>();
  const search = Promise.withResolvers<string>();
  const ready = [
    narrator.waitFor("kafka", kafka.promise),
    narrator.waitFor("search", search.promise),
  ];

  await jest.advanceTimersByTimeAsync(4_000);
  narrator.say("api is ready");
  await jest.advanceTimersByTimeAsync(4_000);
  expect(said).toEqual(["api is ready"]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(said).toEqual(["api is ready", "waiting for kafka, search"]);

  kafka.resolve("here");
  search.reject(new Error("cannot be had"));
  expect(await Promise.allSettled(ready)).toMatchObject([
    { value: "here" },
    { status: "rejected" },
  ]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(2);
});
