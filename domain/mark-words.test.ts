import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { markWords, textFit } from "./mark-words.ts";
import { readDayWord } from "./read-day-word.ts";

function marked(text: string, query: string): string {
  return markWords(text, query)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join("");
}

test.each([
  ["The Clockmaker's Jury", "clockmakers ju", "The [Clockmaker's] [Jury]"],
  ["The Clockmaker's Jury", "clockmkaers", "The [Clockmaker's] Jury"],
  ["Le Fabuleux Destin d'Amélie", "amelie", "Le Fabuleux Destin [d'Amélie]"],
  ["Der achte Stock", "sto achte", "Der [achte] Stock"],
  ["Zürich", "ZUR", "[Zürich]"],
  ["夜の図書館", "図書館", "夜の[図書館]"],
  ["कहानी की रात", "रात", "कहानी की [रात]"],
  ["Последний трамвай", "последнии", "[Последний] трамвай"],
  ["<b>Bold</b> & brave", "bold", "<b>[Bold]</b> & brave"],
])("in %s looked for by %s: %s", (text, query, expected) => {
  expect(marked(text, query)).toBe(expected);
});

test("whatever was typed, the parts joined are the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (text, query) => {
      const parts = markWords(text, query);
      expect(parts.map((part) => part.text).join("")).toBe(text);
    }),
  );
});

test("the more exactly a text has all of the words, the better it fits", () => {
  const fits = ["Matrix", "The Matrix", "Matrixes", "Matrox", "Something else"].map((text) =>
    textFit(text, "matrix"),
  );
  expect(fits).toEqual(fits.toSorted((one, other) => other - one));
  expect(fits.at(-1)).toBe(0);
  expect(textFit("The Matrix", "matrix opera")).toBe(0);
});

test.each([
  ["comedy tonight", { day: "tonight", rest: "comedy" }],
  ["This Weekend in London", { day: "this-weekend", rest: "in London" }],
  ["tomorrow", { day: "tomorrow", rest: "" }],
  ["tomorrowland", undefined],
])("a day that is spoken of: %s", (text, expected) => {
  expect(readDayWord(text)).toEqual(expected);
});
