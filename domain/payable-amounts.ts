import type { PlanPath, PlanProblem } from "./plan-problem.ts";
import { currencyExponent } from "./currencies.ts";

/**
 * The smallest sum of a currency, in our minor units, of which every provider that takes the currency can take and give back
 * whole multiples. Undefined where none takes it.
 */
export function payableStep(currency: string): number | undefined {
  const step = steps.get(currency);
  if (step !== undefined) return step;
  const exponent = currencyExponent(currency);
  return exponent === 2 || wholeOnly.has(currency) ? 1 : undefined;
}

const steps = new Map<string, number>([
  // Card networks take two decimals of these three.
  ..."BHD JOD KWD OMR TND".split(" ").map((currency) => [currency, 10] as const),
  // Stripe counts whole ariary; PayPal whole forints and whole new Taiwan dollars.
  ..."MGA HUF TWD".split(" ").map((currency) => [currency, 100] as const),
]);
/** Of the currencies without decimals, those that can be paid in. */
const wholeOnly = new Set(
  "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(" "),
);

type Offer = {
  currency: string;
  prices: Record<string, { amountMinor: number; feeMinor: number }>;
  promoCodes: readonly ({ code: string } & ({ percent: number } | { amountMinor: number }))[];
};

/** Prices and promo codes that would make sums which a provider cannot take, or cannot give back for one seat of several. */
export function findUnpayable(
  { currency, prices, promoCodes }: Offer,
  path: PlanPath,
): PlanProblem[] {
  const step = payableStep(currency);
  if (step === undefined) {
    return [{ path: [...path, "currency"], message: "No payment provider takes this currency" }];
  }
  const problems: PlanProblem[] = [];
  const isPayable = (amountMinor: number) => amountMinor % step === 0;
  const multiple = `${currency} is paid in multiples of ${step}`;
  for (const [code, price] of Object.entries(prices)) {
    for (const field of ["amountMinor", "feeMinor"] as const) {
      if (isPayable(price[field])) continue;
      problems.push({ path: [...path, "prices", code, field], message: multiple });
    }
  }
  if (step === 1) return problems;
  for (const [index, promo] of promoCodes.entries()) {
    const promoPath = [...path, "promoCodes", index];
    if ("amountMinor" in promo) {
      const message = `${multiple}, and a sum off a booking cannot always be divided among its seats so: give a percentage`;
      problems.push({ path: [...promoPath, "amountMinor"], message });
    } else if (!Object.values(prices).every((price) => isPayable(shareOf(price, promo)))) {
      const message = `${multiple}, and ${promo.percent} % of a price is none`;
      problems.push({ path: [...promoPath, "percent"], message });
    }
  }
  return problems;
}

/** With fractions, if it has any: then it is no multiple of anything. */
function shareOf({ amountMinor }: { amountMinor: number }, { percent }: { percent: number }) {
  return (amountMinor * percent) / 100;
}
