import { expect, test } from "@jest/globals";

/** What the API says, if it says anything, with `Date` so many seconds from now. */
let told: { caching: string; secondsOff: number } | undefined;

Object.assign(globalThis, {
  // The real one would keep this process alive.
  BroadcastChannel: EventTarget,
  async fetch() {
    if (told === undefined) throw new TypeError("Failed to fetch");
    const date = new Date(Date.now() + told.secondsOff * 1_000).toUTCString();
    return Response.json({}, { headers: { date, "cache-control": told.caching } });
  },
});
const { askApi, serverClock } = await import("./ask-api.ts");

const minutesOff = () => Math.round((serverClock.nowMs() - Date.now()) / 60_000);

async function hear(caching: string, secondsOff: number): Promise<number> {
  told = { caching, secondsOff };
  expect((await askApi("/v1/shows/sh_1", { isPublic: true })).status).toBe(200);
  return minutesOff();
}

test("the time is that of answers which nobody keeps: one that was kept says what time it was then", async () => {
  expect(await hear("no-store", 3_600)).toBe(60);
  for (const caching of ["public, max-age=10, stale-if-error=3600", "private, no-cache", ""]) {
    expect([caching, await hear(caching, -7_200)]).toEqual([caching, 60]);
  }
  expect(await hear("private, no-store", 600)).toBe(10);
});

test("what nobody answers is silence, and tells no time", async () => {
  const before = minutesOff();
  told = undefined;
  const silence = { status: 0, body: undefined, code: undefined, details: {} };
  expect(await askApi("/v1/shows/sh_1", { isPublic: true })).toEqual(silence);
  expect(minutesOff()).toBe(before);
});
