import type { Money as PaypalMoney } from "@paypal/paypal-server-sdk";

import { currencyExponent } from "../../domain/currencies.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";

/**
 * A sum as PayPal writes it: a decimal string, in whole units where PayPal knows no smaller ones. Throws
 * `PAYMENT_AMOUNT_UNSUPPORTED` where PayPal cannot express it: nothing is ever rounded.
 */
export function toPaypalAmount({ amountMinor, currency }: Money): PaypalMoney {
  const decimals = decimalsOf(currency);
  const amount = amountMinor / 10 ** (currencyExponent(currency) - (decimals ?? 0));
  if (decimals === undefined || !Number.isSafeInteger(amount) || amount <= 0) {
    const details = { provider: "paypal", amountMinor, currency };
    throw new DomainError("PAYMENT_AMOUNT_UNSUPPORTED", details);
  }
  const digits = String(amount).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const value = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return { currencyCode: currency, value };
}

/** A sum of PayPal's in our units. Throws when PayPal says something that is no sum. */
export function fromPaypalAmount(money: PaypalMoney | undefined): Money {
  const currency = money?.currencyCode ?? "";
  const exponent = currencyExponent(currency);
  const [, whole, decimals = ""] = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(money?.value ?? "") ?? [];
  const amountMinor = Number(`${whole}${decimals.padEnd(exponent, "0")}`);
  const isSum = decimals.length <= exponent && Number.isSafeInteger(amountMinor);
  if (decimalsOf(currency) === undefined || !isSum) {
    throw new Error(`PayPal's ${money?.value ?? "nothing"} ${currency} is no amount`);
  }
  return { amountMinor, currency };
}

/** Undefined for a currency that PayPal does not take. */
function decimalsOf(currency: string): number | undefined {
  if (!currencies.has(currency)) return undefined;
  return wholeOnly.has(currency) ? 0 : 2;
}

const currencies = new Set(
  "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD".split(
    " ",
  ),
);
/** ISO counts hundredths of forints and of new Taiwan dollars; PayPal does not. */
const wholeOnly = new Set(["HUF", "JPY", "TWD"]);
