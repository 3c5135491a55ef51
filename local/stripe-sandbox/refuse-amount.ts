import { invalidParameter } from "./refusal.ts";

/** What Stripe checks about a sum before it looks at anything else: its size, and the decimals that its currency has. */
export function refuseAmount(amount: number, currency: string): void {
  if (!Number.isInteger(amount)) {
    throw invalidParameter("amount", "Invalid integer.", "parameter_invalid_integer");
  }
  if (amount > 99_999_999) {
    throw invalidParameter("amount", "Amount must have up to eight digits.", "amount_too_large");
  }
  if (amount < (minima.get(currency) ?? 1)) {
    throw invalidParameter("amount", "Amount is below the minimum charge.", "amount_too_small");
  }
  refuseDecimals(amount, currency);
}

/** Refunds obey this too, and no minimum. */
export function refuseDecimals(amount: number, currency: string): void {
  if (["isk", "ugx"].includes(currency) && amount % 100 !== 0) {
    throw invalidParameter(
      "amount",
      `Amounts of ${currency} must be evenly divisible by 100.`,
      "invalid_charge_amount_no_decimal_compatible",
    );
  }
  if (["bhd", "jod", "kwd", "omr", "tnd"].includes(currency) && amount % 10 !== 0) {
    throw invalidParameter("amount", `The last digit of an amount of ${currency} must be 0.`);
  }
}

/** A few of Stripe's, for accounts that settle in the same currency. */
const minima = new Map([
  ["usd", 50],
  ["eur", 50],
  ["gbp", 30],
  ["jpy", 50],
]);
