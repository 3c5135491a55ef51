import { currencyExponent } from "../../domain/currencies.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";

/**
 * A sum in Stripe's own units, which are not always ISO's. Throws `PAYMENT_AMOUNT_UNSUPPORTED` where Stripe cannot express it:
 * nothing is ever rounded.
 */
export function toStripeAmount({ amountMinor, currency }: Money): number {
  const { exponent, multipleOf } = unitOf(currency);
  const amount = shift(amountMinor, exponent - currencyExponent(currency));
  if (!Number.isInteger(amount) || amount % multipleOf !== 0) {
    throw unsupportedAmount({ amountMinor, currency });
  }
  return amount;
}

/** A sum of Stripe's in our units. `currency` may be in small letters, as Stripe writes it. */
export function fromStripeAmount(amount: number, currency: string): number {
  const code = currency.toUpperCase();
  const amountMinor = shift(amount, currencyExponent(code) - unitOf(code).exponent);
  if (!Number.isInteger(amountMinor)) throw unsupportedAmount({ amountMinor, currency: code });
  return amountMinor;
}

/** Division instead of a negative power keeps whole numbers whole. */
function shift(amount: number, decimals: number): number {
  return decimals < 0 ? amount / 10 ** -decimals : amount * 10 ** decimals;
}

function unitOf(currency: string): { exponent: number; multipleOf: number } {
  if (zeroDecimal.has(currency)) return { exponent: 0, multipleOf: 1 };
  // The card networks take two decimals, so the third is always 0.
  if (threeDecimal.has(currency)) return { exponent: 3, multipleOf: 10 };
  // These two lost their decimals later; Stripe went on to count them in hundredths.
  if (wholeInHundredths.has(currency)) return { exponent: 2, multipleOf: 100 };
  if (currencyExponent(currency) === 2) return { exponent: 2, multipleOf: 1 };
  // How Stripe would count it is not written anywhere, and a guess could be wrong by a factor of ten.
  throw unsupportedAmount({ currency });
}

/** MGA has two decimals by ISO. */
const zeroDecimal = new Set(
  "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "),
);
const threeDecimal = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);
const wholeInHundredths = new Set(["ISK", "UGX"]);

export function unsupportedAmount(
  { amountMinor, currency }: Partial<Money>,
  cause?: unknown,
): DomainError {
  const details = { provider: "stripe", amountMinor, currency };
  return new DomainError("PAYMENT_AMOUNT_UNSUPPORTED", details, { cause });
}
