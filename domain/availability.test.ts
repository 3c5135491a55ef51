import { expect, test } from "@jest/globals";

import { availabilityOf, soldPercentOf } from "./availability.ts";

test.each([
  [{ unsold: 100, sold: 0 }, "available", 0],
  [{ unsold: 11, sold: 89 }, "available", 85],
  [{ unsold: 10, sold: 90 }, "few", 90],
  [{ unsold: 1, sold: 99 }, "few", 95],
  [{ unsold: 0, sold: 100 }, "sold_out", 100],
  [{ unsold: 1, sold: 9 }, "few", 90],
  [{ unsold: 1, sold: 0 }, "available", 0],
  // Everything is blocked, or kept for channels.
  [{ unsold: 0, sold: 0 }, "sold_out", 0],
] as const)("%j is %s, %d per cent sold", (counts, availability, percent) => {
  expect(availabilityOf(counts)).toBe(availability);
  expect(soldPercentOf(counts)).toBe(percent);
});

test("a hall of any size that sells out seat by seat changes its document at most 23 times", () => {
  for (const seats of [1, 7, 100, 20_000]) {
    const documents = new Set<string>();
    for (let sold = 0; sold <= seats; sold += 1) {
      const counts = { unsold: seats - sold, sold };
      documents.add(`${availabilityOf(counts)} ${soldPercentOf(counts)}`);
    }
    expect(documents.size).toBeLessThanOrEqual(23);
  }
});
