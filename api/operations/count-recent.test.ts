import { expect, test } from "@jest/globals";

import { eventually } from "../../tests/eventually.ts";
import { createRecentCount } from "./count-recent.ts";

test("counts each name by itself, and forgets what was long ago", async () => {
  const count = createRecentCount({ windowMs: 20 });
  expect([count("a"), count("b"), count("a")]).toEqual([1, 1, 2]);
  const startedAt = performance.now();
  await eventually(async () => performance.now() - startedAt > 60);
  expect(count("a")).toBe(1);
});

test("many names at once push old ones out, and take no more memory", () => {
  const count = createRecentCount({ windowMs: 60_000, namesMax: 10 });
  count("first");
  for (let name = 0; name < 30; name += 1) count(String(name));
  expect(count("first")).toBe(1);
});
