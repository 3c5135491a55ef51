import { currencyExponent } from "./currencies.ts";
import type { Money } from "./money.ts";
import type { Language } from "./notices.ts";

/**
 * A sum as people write it: 2200 GBP is "£22.00", 2200 JPY is "¥2,200". Where people leave decimals out that the currency has,
 * as Hungarians do, a whole sum is written without: 220000 HUF is "HUF 2,200", 220050 HUF is "HUF 2,200.50".
 * In German 2200 GBP is "22,00 £".
 */
export function formatMoney({ amountMinor, currency }: Money, language: Language = "en"): string {
  const key = language + currency;
  const format = formats.get(key) ?? createFormat(currency, language);
  formats.set(key, format);
  return format.format(amountMinor / 10 ** currencyExponent(currency));
}

/** There are fewer than two hundred currencies, and making a format takes a hundred times as long as using it. */
const formats = new Map<string, Intl.NumberFormat>();

function createFormat(currency: string, language: Language): Intl.NumberFormat {
  const exponent = currencyExponent(currency);
  const habit = new Intl.NumberFormat(language, { style: "currency", currency }).resolvedOptions();
  return new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
    trailingZeroDisplay: habit.maximumFractionDigits === 0 ? "stripIfInteger" : "auto",
  });
}
