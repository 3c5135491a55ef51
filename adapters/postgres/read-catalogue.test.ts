import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";

import { readCatalogue } from "./read-catalogue.ts";

const example = readFileSync(
  new URL("../../docs/examples/catalogue.json", import.meta.url),
  "utf8",
);

function problemsOf(text: string): string[] {
  const read = readCatalogue(text);
  if (read.outcome === "read") return [];
  return read.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

/** The example with each text replaced by another; each must be there. */
function changed(...replacements: [string, string][]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The example has no ${from}`);
    return text.replace(from, to);
  }, example);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

test("the example of the documentation is in order", () => {
  expect(problemsOf(example)).toEqual([]);
});

test("every slip of a file is reported at once, each with its path and line", () => {
  const text = changed(
    ['"northgate-leith/house"', '"northgate-leith/hause"'],
    ['"timeZone": "Europe/London"', '"timeZone": "Europe/Leith"'],
    ['"kind": "film"', '"kind": "movie"'],
    ['"2027-02-28"', '"2027-02-30"'],
    ['"PREMIUM": { "name"', '"GOLD": { "name"'],
    ['"closesMinutesBefore": 30', '"closesMinutesBeforehand": 30'],
    ['"key": "eleven-chairs"', '"key": "the-tide-clerk"'],
  );
  const at = (part: string) => String(lineOf(text, part));
  expect(problemsOf(text)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(`^${at("Europe/Leith")} venues\\[0\\].timeZone: Not a time zone`),
      expect.stringMatching(`^${at('"movie"')} titles\\[0\\].kind: Write one of film, concert`),
      expect.stringMatching(
        `^${at('"the-tide-clerk",\n      "organiser": "northgate",\n      "name": "Eleven')} titles\\[1\\].key: The key the-tide-clerk is used twice`,
      ),
      expect.stringMatching(`^${at("2027-02-30")} series\\[1\\].dates\\[1\\]: Write a date`),
      expect.stringMatching(
        `^${at("Beforehand")} series\\[1\\].sales: Nobody knows closesMinutesBeforehand here`,
      ),
    ]),
  );
});

test("what is missing, empty, too long or of another kind is told in plain words", () => {
  const text = changed(
    ['"name": "Northgate Leith",', ""],
    ['"city": "Edinburgh"', '"city": ""'],
    ['"durationMinutes": ', '"durationMinutes": "about" , "was": '],
    ['"PREMIUM": { "name"', '"PREMIUM SEATS": { "name"'],
    ['"format": "4K"', `"format": "${"x".repeat(50)}"`],
  );
  const told = problemsOf(text).map((problem) => problem.replace(/^\d+ /, ""));
  expect(told).toEqual(
    expect.arrayContaining([
      "venues[0].name: This is missing",
      "venues[0].city: This is empty",
      "titles[0].durationMinutes: Write a number",
      expect.stringMatching(/PREMIUM SEATS.*: A price code is at most 24 of A–Z, 0–9 and -/),
      expect.stringMatching(/format: At most 40 characters/),
    ]),
  );
});

test("what does not fit together is reported: halls, titles, prices, and shows that overlap", () => {
  const text = changed(
    ['"hall": "northgate-leith/house"', '"hall": "northgate-leith/hause"'],
    ['"PREMIUM": { "name"', '"GOLD": { "name"'],
    ['"20:15"]', '"18:00"]'],
  );
  const problems = problemsOf(text);
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringContaining("series[1].hall: There is no hall northgate-leith/hause"),
      expect.stringContaining("series[0].prices: The hall has seats of price PREMIUM"),
      expect.stringContaining("series[0].prices.GOLD: The hall has no seats of it"),
      expect.stringContaining(
        "series[0]: 2027-02-01 18:00 of tide-clerk-evenings begins before 2027-02-01 17:30",
      ),
    ]),
  );
});

test("an item that is wrong in itself does not make what refers to it wrong too", () => {
  expect(problemsOf(changed(['"country": "GB"', '"country": "Scotland"']))).toEqual([
    expect.stringContaining("venues[0].country: Two capital letters"),
  ]);
});

test("a show in the hour that clocks skip is reported, and so is one in the hour that comes twice", () => {
  const skipped = changed(
    ['"2027-02-28"', '"2027-03-28"'],
    ['"times": ["19:30"]', '"times": ["01:30"]'],
  );
  expect(problemsOf(skipped)).toEqual([
    expect.stringContaining("series[1].times[0]: 2027-03-28 01:30 does not exist in Europe/London"),
  ]);
  const doubled = changed(
    ['"2027-02-28"', '"2027-10-31"'],
    ['"times": ["19:30"]', '"times": ["01:30"]'],
  );
  expect(problemsOf(doubled)).toEqual([
    expect.stringContaining("series[1].times[0]: 2027-10-31 01:30 comes twice in Europe/London"),
  ]);
});

test("sales that would open in a skipped hour, or after they close, are reported", () => {
  const opens = '"opens": { "on": "2026-12-01", "at": "09:00" }';
  expect(
    problemsOf(changed([opens, '"opens": { "on": "2026-03-29", "at": "01:30" }'])).at(0),
  ).toContain("Sales: 2026-03-29 01:30 does not exist in Europe/London");
  expect(
    problemsOf(changed([opens, '"opens": { "on": "2027-02-28", "at": "20:00" }'])).at(0),
  ).toContain("sales would close before they open");
});

test("a text that is not JSON is reported with the line where it ends to be", () => {
  const text = changed(['"city": "Edinburgh",', '"city": "Edinburgh"']);
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(`^${lineOf(text, '"country"')} : Expected ',' or '}'`),
  ]);
});

test("a file of more than 20,000 shows is refused before they are all laid out", () => {
  const everyMinute = Array.from(
    { length: 48 },
    (_, index) => `"${String(index % 24).padStart(2, "0")}:${index < 24 ? "00" : "30"}"`,
  );
  const text = changed(
    ['"durationMinutes": 112', '"durationMinutes": 1'],
    [
      '{ "from": "2027-02-01", "to": "2027-02-14" }',
      '{ "from": "2027-02-01", "to": "2028-02-01" }, { "from": "2029-02-01", "to": "2030-02-01" }',
    ],
    ['["17:30", "20:15"]', `[${everyMinute.join(", ")}]`],
  );
  expect(problemsOf(text)).toEqual(
    expect.arrayContaining([
      expect.stringContaining("series[0]: The file has more than 20000 shows up to here"),
    ]),
  );
});

test("sums that a payment provider cannot take are reported", () => {
  const inDinars = example.replaceAll('"currency": "GBP"', '"currency": "KWD"');
  const odd = inDinars.replace('"amountMinor": 1550', '"amountMinor": 1555');
  expect(problemsOf(inDinars)).toEqual([]);
  expect(problemsOf(odd)).toEqual([
    `${lineOf(odd, '"amountMinor": 1555')} series[0].prices.PREMIUM.amountMinor: KWD is paid in multiples of 10`,
  ]);
});

test("the same file means the same ids", () => {
  const first = readCatalogue(example);
  expect(readCatalogue(example)).toEqual(first);
});
