import { expect, test } from "@jest/globals";

import { createPresenceBeforeDraw } from "./presence-before-draw.ts";

test("each entry is known by the minute in which it was last heard of, for five minutes, however many there are", () => {
  let now = 0;
  const presence = createPresenceBeforeDraw(() => now);
  const first = 30_000_000;
  const at = (minutes: number, entry: number) => {
    now = (first + minutes) * 60_000;
    presence.hear(entry);
  };
  at(0, 1);
  at(0, 2);
  at(3, 50_000);
  at(4, 1);
  at(6.5, 3);
  const heard = presence.minutes().map((minute) => [minute - first, presence.heardIn(minute)]);
  expect(Object.fromEntries(heard)).toEqual({ 1: [], 2: [], 3: [50_000], 4: [1], 5: [], 6: [3] });
  presence.forget();
  expect(presence.heardIn(first + 6)).toEqual([]);
});
