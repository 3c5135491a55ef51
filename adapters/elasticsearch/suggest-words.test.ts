import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createTestIndex } from "../../tests/test-index.ts";
import type { TestIndex } from "../../tests/test-index.ts";
import { showDocument } from "../../tests/show-document.ts";

let index: TestIndex;
beforeAll(async () => {
  index = await createTestIndex();
  const orchard = showDocument({
    ...{ title: "The Brass Orchard", people: ["Perrin Vale", "Ilse Marchetti-Cole"] },
    ...{ venueName: "Brasserie Theatre", city: "Braşov" },
  });
  await index.put([
    orchard,
    { ...showDocument(orchard), showId: showDocument({}).showId },
    showDocument({ title: "夜の図書館", people: ["Sumire Kadowaki"], city: "東京" }),
    showDocument({ title: "Cancelled Orchard", status: "cancelled" }),
    showDocument({ title: "Orchard of last year", startsAtMs: 1_000 }),
  ]);
});
afterAll(() => index.close());

async function suggest(text: string): Promise<string[]> {
  const suggestions = await index.index.suggest({ text, limit: 5 });
  return suggestions.map((each) => `${each.kind}: ${each.text}`);
}

test.each([
  ["bras", ["venue: Brasserie Theatre", "city: Braşov", "title: The Brass Orchard"]],
  ["the brass or", ["title: The Brass Orchard"]],
  // Misspelt, and misspelt before it is finished.
  ["orchrad", ["title: The Brass Orchard"]],
  ["orhca", ["title: The Brass Orchard"]],
  ["marchet", ["person: Ilse Marchetti-Cole"]],
  ["perrin va", ["person: Perrin Vale"]],
  ["図書", ["title: 夜の図書館"]],
  ["東", ["city: 東京"]],
  ["zzyzx", []],
  ["*", []],
])("%s may become %j", async (text, expected) => {
  expect(await suggest(text)).toEqual(expected);
});

test("what matches is marked in the text as it is written", async () => {
  const [first] = await index.index.suggest({ text: "braso", limit: 1 });
  expect(first).toEqual({
    text: "Braşov",
    kind: "city",
    parts: [{ text: "Braşov", marked: true }],
  });
});
