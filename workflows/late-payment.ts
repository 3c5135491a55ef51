import { durable } from "./activity-proxies.ts";
import type { LatePaymentInput, LatePaymentResult } from "./contract.ts";

/** Money that came when its checkout was over goes back, however long the provider takes to accept that. */
export async function latePayment({ fact }: LatePaymentInput): Promise<LatePaymentResult> {
  return durable.returnPayment(fact);
}
