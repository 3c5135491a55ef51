import type { Money, Price } from "../page-data.ts";

/** What a seat at this price costs, its fee included. */
export function wholePrice({ amount, fee }: Pick<Price, "amount" | "fee">): Money {
  return { ...amount, amountMinor: amount.amountMinor + fee.amountMinor };
}
