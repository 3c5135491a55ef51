import { expect, test } from "@jest/globals";

import type { HoldOutcome } from "../../domain/hold.ts";
import { hearOfHoldLater } from "./hear-of-hold-later.ts";

const held: HoldOutcome = {
  ...{ outcome: "held", heldUntilMs: 1, totalMinor: 2_200, feeMinor: 200, currency: "GBP" },
};
const taken: HoldOutcome = { outcome: "refused", code: "SEAT_TAKEN", seatIds: ["A1"] };

/** What is heard in its order, when others have begun only after the database has answered. */
async function listen(holdSeats: () => Promise<HoldOutcome>, attempt = 1) {
  const heard: unknown[] = [];
  const { promise: othersHaveBegun, resolve: haveBegun } = Promise.withResolvers<void>();
  const hear = hearOfHoldLater(
    holdSeats,
    () => othersHaveBegun,
    () => attempt,
  );
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

test("what is refused or fails is heard of at once, and so is a hold that is asked for again", async () => {
  const failure = new Error("PostgreSQL is away");
  expect(await listen(async () => taken)).toEqual([taken, "others have begun"]);
  expect(await listen(() => Promise.reject(failure))).toEqual([failure, "others have begun"]);
  expect(await listen(async () => held, 2)).toEqual([held, "others have begun"]);
});
