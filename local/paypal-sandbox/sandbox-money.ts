import type { Money } from "@paypal/paypal-server-sdk";
import { z } from "zod";

import { refused } from "./refusal.ts";

/** An amount as it comes over the wire. */
export const wireMoney = z.object({ currency_code: z.string(), value: z.string() });

/** Checks an amount as PayPal does: the currency, its decimals, more than nothing. */
export function readMoney({
  currency_code: currencyCode,
  value,
}: z.infer<typeof wireMoney>): Money {
  if (!currencies.has(currencyCode)) {
    throw refused("INVALID_CURRENCY_CODE", "Currency code is not currently supported.");
  }
  const [, whole = "", decimals = ""] = /^(\d{1,15})(?:\.(\d+))?$/.exec(value) ?? [];
  if (whole === "") throw refused("INVALID_PARAMETER_VALUE", "The amount is no number.");
  if (decimals !== "" && withoutDecimals.has(currencyCode)) {
    throw refused("DECIMALS_NOT_SUPPORTED", "Currency does not support decimals.");
  }
  if (decimals.length > 2) {
    throw refused("DECIMAL_PRECISION", "Only two decimal place precision is supported.");
  }
  const money = { currencyCode, value };
  if (hundredthsOf(money) === 0) {
    throw refused("CANNOT_BE_ZERO_OR_NEGATIVE", "Must be greater than zero.");
  }
  return money;
}

/** Whole hundredths, whatever the currency, to reckon with. */
export function hundredthsOf(money: Money | undefined): number {
  const [whole = "0", decimals = ""] = (money?.value ?? "0").split(".");
  return Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
}

export function moneyOf(hundredths: number, currencyCode: string): Money {
  const value = (hundredths / 100).toFixed(withoutDecimals.has(currencyCode) ? 0 : 2);
  return { currencyCode, value };
}

const withoutDecimals = new Set(["HUF", "JPY", "TWD"]);

const currencies = new Set(
  "AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN TWD NZD NOK PHP PLN GBP SGD SEK CHF THB USD".split(
    " ",
  ),
);
