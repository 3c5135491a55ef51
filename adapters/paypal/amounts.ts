import type { Money } from "@paypal/paypal-server-sdk";

import { DomainError } from "../../domain/errors.ts";

/** PayPal's amounts are decimal strings. `amountMinor` counts ISO's minor units, which PayPal's decimals do not always reach. */
export function toPaypalAmount(given: { amountMinor: number; currency: string }): Money {
  const { amountMinor, currency } = given;
  const digits = currencyDigits.get(currency);
  const unit = digits === undefined ? Number.NaN : 10 ** (digits.iso - digits.paypal);
  const isPayable = Number.isSafeInteger(amountMinor) && amountMinor > 0;
  if (digits === undefined || !isPayable || amountMinor % unit !== 0) {
    const details = { provider: "paypal", amountMinor, currency };
    throw new DomainError("PAYMENT_AMOUNT_UNSUPPORTED", details);
  }
  const text = String(amountMinor / unit).padStart(digits.paypal + 1, "0");
  const whole = text.slice(0, text.length - digits.paypal);
  const value = digits.paypal === 0 ? whole : `${whole}.${text.slice(-digits.paypal)}`;
  return { currencyCode: currency, value };
}

/** Throws when PayPal says something that is no amount. */
export function fromPaypalAmount(money: Money | undefined): {
  amountMinor: number;
  currency: string;
} {
  const currency = money?.currencyCode ?? "";
  const digits = currencyDigits.get(currency);
  const [, whole, decimals = ""] = /^(\d{1,15})(?:\.(\d{1,3}))?$/.exec(money?.value ?? "") ?? [];
  const amountMinor = Number(`${whole}${decimals.padEnd(digits?.iso ?? 0, "0")}`);
  if (digits === undefined || decimals.length > digits.iso || !Number.isSafeInteger(amountMinor)) {
    throw new Error(`PayPal's ${money?.value ?? "nothing"} ${currency} is no amount`);
  }
  return { amountMinor, currency };
}

const two = { iso: 2, paypal: 2 };
/** ISO counts hundredths of these, PayPal whole ones. */
const wholeOnly = { iso: 2, paypal: 0 };

/** Every currency that PayPal takes. */
const currencyDigits = new Map(
  Object.entries({
    AUD: two,
    BRL: two,
    CAD: two,
    CHF: two,
    CNY: two,
    CZK: two,
    DKK: two,
    EUR: two,
    GBP: two,
    HKD: two,
    HUF: wholeOnly,
    ILS: two,
    JPY: { iso: 0, paypal: 0 },
    MXN: two,
    MYR: two,
    NOK: two,
    NZD: two,
    PHP: two,
    PLN: two,
    SEK: two,
    SGD: two,
    THB: two,
    TWD: wholeOnly,
    USD: two,
  }),
);
