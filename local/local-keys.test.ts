import { readFile } from "node:fs/promises";

import { expect, test } from "@jest/globals";

import { localKeys } from "./local-keys.ts";

test("the keys in the containers' settings are those of this machine", async () => {
  const text = await readFile(new URL("../deploy/local-keys.env", import.meta.url), "utf8");
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines).toEqual(Object.entries(localKeys).map(([name, value]) => `${name}=${value}`));
});
