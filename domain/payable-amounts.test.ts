import { expect, test } from "@jest/globals";

import { findUnpayable, payableStep } from "./payable-amounts.ts";

test.each([
  ["GBP", 1],
  ["JPY", 1],
  // Stripe counts these two in hundredths, of which it takes whole hundreds: whole units are what we count.
  ["ISK", 1],
  ["UGX", 1],
  ["KWD", 10],
  ["TND", 10],
  ["MGA", 100],
  ["HUF", 100],
  ["TWD", 100],
  ["IQD", undefined],
  ["CLF", undefined],
  ["UYI", undefined],
] as const)("%s is paid in multiples of %s", (currency, step) => {
  expect(payableStep(currency)).toBe(step);
});

const priced = (amountMinor: number, feeMinor = 0) => ({ STD: { amountMinor, feeMinor } });

test.each([
  ["pounds to the penny", "GBP", priced(1_234, 1), []],
  ["whole yen", "JPY", priced(1_801), []],
  ["whole krónur", "ISK", priced(4_999), []],
  ["dinars to ten fils", "KWD", priced(12_340, 10), []],
  ["a free show in dinars", "KWD", priced(0), []],
  ["a single fils", "KWD", priced(12_341), ["prices.STD.amountMinor"]],
  ["a single fils of fee", "KWD", priced(12_340, 5), ["prices.STD.feeMinor"]],
  ["half a forint", "HUF", priced(220_050), ["prices.STD.amountMinor"]],
  ["a currency that nobody takes", "IQD", priced(12_000), ["currency"]],
] as const)("%s", (_, currency, prices, refused) => {
  const problems = findUnpayable({ currency, prices, promoCodes: [] }, []);
  expect(problems.map(({ path }) => path.join("."))).toEqual(refused);
});

test.each([
  ["pence that a percentage rounds to", "GBP", { percent: 33 }, []],
  ["a sum off in pounds", "GBP", { amountMinor: 333 }, []],
  ["a tenth of a price in dinars", "KWD", { percent: 10 }, []],
  ["a third of a price in dinars", "KWD", { percent: 33 }, ["promoCodes.0.percent"]],
  ["a sum off in dinars, to be divided by three", "KWD", { amountMinor: 1_000 }, amountPath()],
] as const)("promo codes: %s", (_, currency, off, refused) => {
  const promoCodes = [{ code: "EARLY", ...off }];
  const problems = findUnpayable({ currency, prices: priced(12_500), promoCodes }, []);
  expect(problems.map(({ path }) => path.join("."))).toEqual(refused);
});

function amountPath() {
  return ["promoCodes.0.amountMinor"];
}
