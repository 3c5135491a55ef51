import type { Money } from "./money.ts";

/** A sum as people write it: 2200 GBP is "£22.00", 2200 JPY is "¥2,200". The currency itself says how many decimals it has. */
export function formatMoney({ amountMinor, currency }: Money, locale = "en"): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}
