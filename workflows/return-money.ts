import type { PaymentFact } from "../domain/payment.ts";
import { durable } from "./activity-proxies.ts";
import { startRefund } from "./start-children.ts";

/** Money that bought nothing goes back: voided if it has not moved, else by a refund of its own, which may take days. */
export async function returnMoney(
  payment: PaymentFact,
): Promise<"voided" | "kept" | "refunded" | "refunding"> {
  const returned = await durable.returnPayment(payment);
  if (returned.outcome === "refunding") await startRefund({ ...payment, ...returned });
  return returned.outcome;
}
