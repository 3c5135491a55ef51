import { expect, test } from "@jest/globals";

import { formatMoney } from "./format-money.ts";

test.each([
  [2_200, "GBP", "£22.00"],
  [5, "USD", "$0.05"],
  [2_200, "JPY", "¥2,200"],
  [12_340, "KWD", "KWD 12.340"],
  [2_200, "ISK", "ISK 2,200"],
  [2_200, "UGX", "UGX 2,200"],
  [250_000, "INR", "₹2,500.00"],
  [1_000_000_001, "EUR", "€10,000,000.01"],
] as const)("%i of %s is written as %s", (amountMinor, currency, text) => {
  expect(plain(formatMoney({ amountMinor, currency }))).toBe(text);
});

test("a sum is never a hundred times too large because people leave out decimals that the currency has", () => {
  expect(plain(formatMoney({ amountMinor: 220_000, currency: "HUF" }))).toBe("HUF 2,200");
  expect(plain(formatMoney({ amountMinor: 220_050, currency: "HUF" }))).toBe("HUF 2,200.50");
  expect(plain(formatMoney({ amountMinor: 100_000, currency: "IDR" }))).toBe("IDR 1,000");
});

/** The space between a code and a sum is one that does not break. */
function plain(text: string): string {
  return text.replaceAll("\u00A0", " ");
}
