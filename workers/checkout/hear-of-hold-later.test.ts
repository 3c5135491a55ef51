import { expect, test } from "@jest/globals";

import { hearOfHoldLater } from "./hear-of-hold-later.ts";

const held = { outcome: "held" };

/** What is heard in the order in which it is heard, when others have begun only after the hold was answered. */
async function listen(holdSeats: () => Promise<object>) {
  const heard: unknown[] = [];
  const { promise: othersHaveBegun, resolve: haveBegun } = Promise.withResolvers<void>();
  const hear = hearOfHoldLater(holdSeats, () => othersHaveBegun);
  const hearing = hear({}).then(
    (outcome) => heard.push(outcome),
    (error: unknown) => heard.push(error),
  );
  await new Promise(setImmediate);
  heard.push("others have begun");
  haveBegun();
  await hearing;
  return heard;
}

test("a hold is heard of when others have begun", async () => {
  expect(await listen(async () => held)).toEqual(["others have begun", held]);
});

test("a hold that fails is heard of at once, so that it is tried again", async () => {
  const failure = new Error("PostgreSQL is away");
  expect(await listen(() => Promise.reject(failure))).toEqual([failure, "others have begun"]);
});
