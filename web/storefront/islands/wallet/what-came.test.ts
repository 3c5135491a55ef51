import { expect, test } from "@jest/globals";

import { whatCame } from "./what-came.ts";

const away = () => Promise.reject(new Error("away"));

test("one that fails does not take the others with it", async () => {
  expect(await whatCame([Promise.resolve("A"), away(), Promise.resolve("B")])).toEqual(["A", "B"]);
});

test("nothing asked is nothing, and nothing answered is a failure: it is not said that there is none", async () => {
  expect(await whatCame([])).toEqual([]);
  await expect(whatCame([away(), away()])).rejects.toThrow("away");
});
