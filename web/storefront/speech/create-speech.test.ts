import { describe, expect, test } from "@jest/globals";

import { de } from "../messages/de.ts";
import { en } from "../messages/en.ts";
import { createSpeech } from "./create-speech.ts";

const speeches = { en: createSpeech("en", en), de: createSpeech("de", de) };

/** Blanks that do not break are blanks here. */
const plain = (text: string) => text.replaceAll(/\s/g, " ");

test.each([
  ["a whole sum has no decimals", 2_200, "GBP", "£22", "22 £"],
  ["another one has them all", 2_250, "EUR", "€22.50", "22,50 €"],
  ["a currency without decimals", 2_200, "JPY", "JP¥2,200", "2.200 ¥"],
  ["one with three", 12_345, "KWD", "KWD 12.345", "12,345 KWD"],
  [
    "one whose people leave them out, as the API counts it",
    220_050,
    "HUF",
    "HUF 2,200.50",
    "2.200,50 HUF",
  ],
  ["nothing", 0, "USD", "US$0", "0 $"],
])("money as people write it: %s", (_, amountMinor, currency, english, german) => {
  expect(plain(speeches.en.money({ amountMinor, currency }))).toBe(english);
  expect(plain(speeches.de.money({ amountMinor, currency }))).toBe(german);
});

describe("days and times", () => {
  test("a venue's day is that day for readers in any time zone", () => {
    expect(speeches.en.day("2026-11-28")).toBe("Saturday 28 November");
    expect(speeches.de.shortDay("2026-11-28")).toBe("Sa., 28. Nov.");
  });

  test("a moment is on the clock of its place", () => {
    const moment = (zone: string) => plain(speeches.en.moment("2026-11-28T23:30:00Z", zone));
    expect(moment("Europe/Berlin")).toBe("29 November 2026 at 00:30");
    expect(moment("America/New_York")).toBe("28 November 2026 at 18:30");
  });

  test("what is left is said in what matters", () => {
    const left = (ms: number) => plain(speeches.en.timeLeft(ms));
    expect(left(93_784_000)).toBe("1 day 2 hrs 3 mins");
    expect(left(184_000)).toBe("3 mins 4 secs");
    expect(left(400)).toBe("1 sec");
    expect(plain(speeches.de.duration(125))).toBe("2 Std. 5 Min.");
  });
});

test("languages have names in every language, and names stay", () => {
  expect(speeches.de.languageName("hi")).toBe("Hindi");
  expect(speeches.de.languageName("en")).toBe("Englisch");
  expect(speeches.de.languageName("Klingon")).toBe("Klingon");
});
