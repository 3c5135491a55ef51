import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { currencyExponent } from "../../domain/currencies.ts";
import { DomainError } from "../../domain/errors.ts";
import { fromStripeAmount, toStripeAmount } from "./amounts.ts";

/** Stripe's presentment currencies, by what twelve whole units are in its amounts. */
const twelve = {
  "12": "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
  "1200":
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK " +
    "DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD KES KGS KHR KYD KZT LAK " +
    "LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR " +
    "RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TWD TZS UAH UGX USD UYU UZS WST XCD XCG " +
    "YER ZAR ZMW",
  "12000": "BHD JOD KWD OMR TND",
};
const listed = Object.entries(twelve).flatMap(([amount, codes]) =>
  codes.split(" ").map((currency) => [currency, Number(amount)] as const),
);

test.each(listed)("twelve %s are %i at Stripe, there and back", (currency, amount) => {
  const amountMinor = 12 * 10 ** currencyExponent(currency);
  expect(toStripeAmount({ amountMinor, currency })).toBe(amount);
  expect(fromStripeAmount(amount, currency.toLowerCase())).toBe(amountMinor);
});

test.each([
  ["a fils that is no ten", 12_341, "KWD"],
  ["a hundredth where Stripe counts whole ariary", 1_250, "MGA"],
  ["a currency of three decimals that Stripe does not name", 12_000, "IQD"],
  ["a unit of account", 120_000, "CLF"],
])("%s is refused, not rounded", (_, amountMinor, currency) => {
  expect(codeOf(() => toStripeAmount({ amountMinor, currency }))).toBe(
    "PAYMENT_AMOUNT_UNSUPPORTED",
  );
});

test("half a króna of Stripe's is refused, not rounded", () => {
  expect(codeOf(() => fromStripeAmount(1_250, "isk"))).toBe("PAYMENT_AMOUNT_UNSUPPORTED");
});

test("every sum that Stripe can express comes back as it was", () => {
  const currencies = listed.map(([currency]) => currency);
  fc.assert(
    fc.property(
      fc.constantFrom(...currencies),
      fc.integer({ min: 1, max: 999_999_99 }),
      (currency, amountMinor) => {
        const wanted = { amountMinor, currency };
        if (codeOf(() => toStripeAmount(wanted)) !== undefined) return;
        expect(fromStripeAmount(toStripeAmount(wanted), currency)).toBe(amountMinor);
      },
    ),
  );
});

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
}
