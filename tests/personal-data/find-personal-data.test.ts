import { expect, test } from "@jest/globals";

import { findCanaries, findCardNumbers } from "./find-personal-data.ts";

const canary = "Ben O'Canary +44 7700";

test.each([
  ["as typed", canary],
  ["in capitals", canary.toUpperCase()],
  ["without blanks", "BenO'Canary+447700"],
  ["percent-encoded", encodeURIComponent(canary)],
  ["as hex", Buffer.from(canary).toString("hex")],
  ["in base64, from the first byte", Buffer.from(`${canary}!`).toString("base64")],
  ["in base64, from the second byte", Buffer.from(`!${canary}!`).toString("base64")],
  ["in base64, from the third byte", Buffer.from(`!!${canary}!`).toString("base64url")],
])("a canary is found %s", (_how, spelling) => {
  const texts = [
    { place: "elsewhere", text: "Ben O'Canarie" },
    { place: "here", text: `before ${spelling} after` },
  ];
  expect(findCanaries(texts, ["Asha", canary])).toEqual([`here: ${canary}`]);
});

test.each([
  ["4242424242424242"],
  ["4242 4242 4242 4242"],
  ["5555-5555-5555-4444"],
  ["378282246310005"],
  ["6011000990139424"],
])("a card number is found: %s", (card) => {
  for (const text of [card, `{"card":"${card}"}`, `{"card":${card}}`, `Card ${card}.`]) {
    expect(findCardNumbers(text)).toEqual([card]);
  }
});

test.each([
  ["a number that fails Luhn's test", "4242424242424241"],
  ["a moment in milliseconds", "1700000000008"],
  ["a part of an id", "bd68-4242424242424242-8c1f"],
  ["a part of a hash", "4242424242424242ab"],
  ["a fraction", "0.4242424242424242"],
])("no card number: %s", (_what, text) => {
  expect(findCardNumbers(text)).toEqual([]);
});
