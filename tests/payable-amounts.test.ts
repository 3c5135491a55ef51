import { expect, test } from "@jest/globals";

import { toPaypalAmount } from "../adapters/paypal/amounts.ts";
import { toStripeAmount } from "../adapters/stripe/amounts.ts";
import { payableStep } from "../domain/payable-amounts.ts";

// What the catalogue takes, the providers take: the domain's table against both adapters', for every currency there is.

const providers = { stripe: toStripeAmount, paypal: toPaypalAmount };
const currencies = Intl.supportedValuesOf("currency");

function takes(name: keyof typeof providers, amountMinor: number, currency: string): boolean {
  try {
    providers[name]({ amountMinor, currency });
    return true;
  } catch {
    return false;
  }
}

/** A provider that takes not even a great round sum takes no sum of the currency. */
function takersOf(currency: string) {
  return (["stripe", "paypal"] as const).filter((name) => takes(name, 1_000_000, currency));
}

test("every multiple of the step is taken by each provider that takes the currency", () => {
  const wrong = currencies.flatMap((currency) => {
    const step = payableStep(currency) ?? 1;
    return takersOf(currency)
      .filter((name) => ![1, 7, 123].every((times) => takes(name, times * step, currency)))
      .map((name) => `${name} ${currency}`);
  });
  expect(wrong).toEqual([]);
});

test("control: the step is the smallest, and a currency without one is taken by nobody", () => {
  const wrong = currencies.filter((currency) => {
    const step = payableStep(currency);
    const takers = takersOf(currency);
    if (step === undefined) return takers.length > 0;
    const smaller = [1, 10].filter((amount) => amount < step);
    return (
      takers.length === 0 ||
      smaller.some((amount) => takers.every((name) => takes(name, amount, currency)))
    );
  });
  expect(wrong).toEqual([]);
});
