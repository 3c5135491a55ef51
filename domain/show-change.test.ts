import { expect, test } from "@jest/globals";

import { isOutdated } from "./show-change.ts";
import type { ShowSurvey } from "./show-change.ts";

const shown: ShowSurvey = {
  ...{ title: "Night", venue: "Old Hall", status: "scheduled", localStart: "2026-03-20 19:30" },
  ...{ startsAtMs: 1, held: 3, confirmed: 0, ticketed: 60, tickets: 100 },
  sums: [{ currency: "GBP", refundMinor: 100_000, feeMinor: 10_000 }],
};
const sums = (refundMinor: number, currency = "GBP") => [{ currency, refundMinor, feeMinor: 0 }];

test.each([
  ["the same", {}, false],
  ["a tenth more tickets", { tickets: 110 }, false],
  ["more than a tenth", { tickets: 111 }, true],
  ["a tenth more money", { sums: sums(110_000) }, false],
  ["more than that", { sums: sums(110_001) }, true],
  ["another currency", { sums: [...shown.sums, ...sums(1, "EUR")] }, true],
  ["less of everything", { tickets: 1, sums: sums(1_000) }, false],
  ["more holds", { held: 400 }, false],
  ["another time", { startsAtMs: 2 }, true],
  ["a cancelled show", { status: "cancelled" }, true],
] as const)("who approves must look again when much has changed: %s", (_, change, outdated) => {
  expect(isOutdated(shown, { ...shown, ...(change as Partial<ShowSurvey>) })).toBe(outdated);
});
