import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { DomainError } from "../../domain/errors.ts";
import { fromPaypalAmount, toPaypalAmount } from "./amounts.ts";

test.each([
  [2_200, "GBP", "22.00"],
  [5, "EUR", "0.05"],
  [100, "USD", "1.00"],
  [105_000, "HUF", "1050"],
  [300, "TWD", "3"],
  [1_800, "JPY", "1800"],
] as const)("%i minor units of %s are %s for PayPal, and back", (amountMinor, currency, value) => {
  expect(toPaypalAmount({ amountMinor, currency })).toEqual({ currencyCode: currency, value });
  expect(fromPaypalAmount({ currencyCode: currency, value })).toEqual({ amountMinor, currency });
});

test.each([
  ["a currency that PayPal does not take", 2_200, "INR"],
  ["a currency with thousandths", 2_200, "KWD"],
  ["half a forint", 105_050, "HUF"],
  ["nothing", 0, "GBP"],
  ["less than nothing", -1, "GBP"],
  ["what is no whole number", 1.5, "GBP"],
  ["a name that every object has", 100, "constructor"],
])("%s is refused before PayPal is asked", (_, amountMinor, currency) => {
  expect(() => toPaypalAmount({ amountMinor, currency })).toThrow(DomainError);
});

test.each([
  [{ currencyCode: "GBP", value: "22.005" }],
  [{ currencyCode: "GBP", value: "-1.00" }],
  [{ currencyCode: "GBP", value: "1e3" }],
  [{ currencyCode: "JPY", value: "10.5" }],
  [{ currencyCode: "XXX", value: "1.00" }],
  [{ currencyCode: "constructor", value: "1.00" }],
  [{ currencyCode: "GBP", value: "99999999999999.99" }],
  [undefined],
])("%j is never taken for an amount", (money) => {
  expect(() => fromPaypalAmount(money)).toThrow("is no amount");
});

test("what PayPal may leave out or add says the same: 22, 22.0, 22.00", () => {
  for (const value of ["22", "22.0", "22.00"]) {
    expect(fromPaypalAmount({ currencyCode: "GBP", value }).amountMinor).toBe(2_200);
  }
});

test("no amount changes on its way to PayPal and back", () => {
  const amount = fc.integer({ min: 1, max: 10 ** 13 });
  fc.assert(
    fc.property(amount, fc.constantFrom("GBP", "JPY", "EUR"), (amountMinor, currency) => {
      expect(fromPaypalAmount(toPaypalAmount({ amountMinor, currency }))).toEqual({
        amountMinor,
        currency,
      });
    }),
  );
});
