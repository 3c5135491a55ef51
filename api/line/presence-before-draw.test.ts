import { expect, test } from "@jest/globals";

import { createPresenceBeforeDraw } from "./presence-before-draw.ts";

test("somebody is there for five minutes after they were last heard of, however many there are", () => {
  let now = 0;
  const presence = createPresenceBeforeDraw(() => now);
  const at = (minutes: number, entry: number) => {
    now = 1_800_000_000_000 + minutes * 60_000;
    presence.hear(entry);
  };
  at(0, 1);
  at(0, 2);
  at(3, 50_000);
  at(4, 1);
  at(8.5, 3);
  expect(presence.recall()).toEqual([1, 3, 50_000]);
  presence.forget();
  expect(presence.recall()).toEqual([]);
});
