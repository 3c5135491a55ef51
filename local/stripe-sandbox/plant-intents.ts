import { z } from "zod";

import type { Ledger } from "./ledger.ts";
import { newIntent } from "./objects.ts";

/** Payments that were captured long ago, for tests that need thousands: the n-th, from 1 on, is called `pi_<prefix>_<n>`. */
export const plantOrder = z.strictObject({
  prefix: z.string().regex(/^[A-Za-z0-9]{1,40}$/),
  count: z.number().int().min(1).max(100_000),
  /** The n-th intent has the n-th of these amounts; when they are used up they begin anew. */
  amountsMinor: z.array(z.number().int().min(1)).min(1).max(100),
  currency: z.string().regex(/^[a-z]{3}$/),
});

export type PlantOrder = z.infer<typeof plantOrder>;

/** No event tells of them: whoever plants them has planted what would have been heard. */
export function plantIntents(
  ledger: Ledger,
  { prefix, count, amountsMinor, currency }: PlantOrder,
): { planted: number } {
  for (let number = 1; number <= count; number += 1) {
    const amount = amountsMinor[(number - 1) % amountsMinor.length] ?? 0;
    const made = newIntent({
      ...{ amount, currency, capture_method: "manual", metadata: {} },
      automaticPaymentMethods: { enabled: true, allow_redirects: "never" },
    });
    const id = `pi_${prefix}_${number}`;
    ledger.put({
      intent: {
        ...made,
        ...{ id, client_secret: `${id}_secret_planted`, latest_charge: `ch_${prefix}_${number}` },
        ...{ status: "succeeded", amount_received: amount, payment_method: "pm_card_visa" },
      },
    });
  }
  ledger.commit();
  return { planted: count };
}
