import { expect, test } from "@jest/globals";

import { planReschedule } from "./plan-reschedule.ts";
import type { RescheduleWish } from "./plan-reschedule.ts";

const at = (text: string) => Date.parse(text);
const now = at("2026-03-01T12:00:00Z");
const show = {
  status: "scheduled",
  timeZone: "Europe/London",
  startsAtMs: at("2026-03-20T19:30:00Z"),
  salesOpenAtMs: at("2026-01-01T09:00:00Z"),
  salesCloseAtMs: at("2026-03-20T18:30:00Z"),
} as const;
const wish: RescheduleWish = { startsAt: "2026-04-10T20:00", refundUntil: "2026-03-15T23:59" };

test("times are the venue's own, and sales close as long before the show as they did", () => {
  expect(planReschedule(show, wish, now)).toEqual({
    // Summer time has begun in between.
    startsAtMs: at("2026-04-10T19:00:00Z"),
    salesOpenAtMs: show.salesOpenAtMs,
    salesCloseAtMs: at("2026-04-10T18:00:00Z"),
    refundUntilMs: at("2026-03-15T23:59:00Z"),
  });
});

test("a sales window that is given is taken", () => {
  const given = { ...wish, salesOpenAt: "2026-03-02T10:00", salesCloseAt: "2026-04-10T12:00" };
  expect(planReschedule(show, given, now)).toMatchObject({
    salesOpenAtMs: at("2026-03-02T10:00:00Z"),
    salesCloseAtMs: at("2026-04-10T11:00:00Z"),
  });
});

test.each([
  ["a moment that is over", { startsAt: "2026-02-28T20:00" }, /startsAt: that moment is over/],
  ["the time it has", { startsAt: "2026-03-20T19:30" }, /already/],
  ["no time", { startsAt: "2026-04-10" }, /startsAt: the venue's own date and time/],
  ["no day", { startsAt: "2026-02-30T20:00" }, /startsAt: the venue's own date and time/],
  ["an instant", { startsAt: "2026-04-10T20:00:00Z" }, /startsAt: the venue's own/],
  ["an hour that is skipped", { startsAt: "2026-03-29T01:30" }, /does not exist/],
  ["an hour that comes twice", { startsAt: "2026-10-25T01:30" }, /comes twice/],
  ["sales that end first", { salesOpenAt: "2026-04-10T19:30" }, /close before they open/],
  ["a return that is over", { refundUntil: "2026-03-01T11:00" }, /refundUntil: that moment/],
  ["a return after the show", { refundUntil: "2026-04-11T00:00" }, /has begun by then/],
])("what cannot be is refused by a sentence: %s", (_, change, sentence) => {
  expect(planReschedule(show, { ...wish, ...change }, now)).toMatch(sentence);
});

test("a cancelled show has no other time", () => {
  expect(planReschedule({ ...show, status: "cancelled" }, wish, now)).toMatch(/cancelled/);
});
