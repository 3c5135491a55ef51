import { expect, test } from "@jest/globals";

import { showPageLife } from "./show-page-life.ts";

const noonMs = Date.parse("2026-11-28T12:00:00Z");
const inSeconds = (seconds: number) => new Date(noonMs + seconds * 1_000).toISOString();
const day = 86_400;
const far = {
  salesOpenAt: inSeconds(-day),
  salesCloseAt: inSeconds(3 * day),
  startsAt: inSeconds(4 * day),
  channels: [],
};

test("a page is kept as the catalogue is while nothing is about to happen", () => {
  expect(showPageLife(far, noonMs)).toEqual({
    ...{ seconds: 10, renewSeconds: 60, errorSeconds: 3_600 },
  });
});

test.each([
  [300, { seconds: 10, renewSeconds: 30 }],
  [100, { seconds: 10, renewSeconds: 10 }],
  [50, { seconds: 5, renewSeconds: 5 }],
  [3, { seconds: 1, renewSeconds: 1 }],
])("%i s before something opens or closes it is old after a tenth of that", (left, life) => {
  const at = inSeconds(left);
  const channel = { channel: "fans", name: "Fans" };
  for (const soon of [
    { salesOpenAt: at },
    { salesCloseAt: at },
    { startsAt: at },
    { channels: [{ ...channel, opensAt: at, closesAt: null }] },
    { channels: [{ ...channel, opensAt: inSeconds(-day), closesAt: at }] },
  ]) {
    expect(showPageLife({ ...far, ...soon }, noonMs)).toMatchObject(life);
  }
});
