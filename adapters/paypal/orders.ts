import { OrderStatus } from "@paypal/paypal-server-sdk";

import type { PaymentFact, PaymentStart, ProviderPaymentRef } from "../../domain/payment.ts";
import { createOrder, findOrder, readCapture, readOrder } from "./find-order.ts";
import type { KnownOrder, StartInput } from "./find-order.ts";
import { letGo } from "./let-go.ts";
import { factOf, factOfCapture, isMarkedVoided, statusOf } from "./order-state.ts";
import { readProviderPaymentId } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { refusalOf } from "./paypal-errors.ts";

/** Safe to repeat: the request id is the payment's, so PayPal makes one order and gives it back to everybody who asks. */
export async function startPayment(calls: PaypalCalls, input: StartInput): Promise<PaymentStart> {
  const order = await createOrder(calls, input);
  const status = statusOf(order);
  const approval = order.links?.find(({ rel }) => rel === "payer-action" || rel === "approve");
  return {
    providerPaymentId: order.id,
    status,
    ...(status === "open" && approval !== undefined ? { approvalUrl: approval.href } : {}),
  };
}

/**
 * Says where a payment stands, and sets the money aside if the buyer has approved: PayPal does that only when it is asked to.
 * Safe to repeat and to do at once in many places: an order is authorised once.
 */
export async function lookAtPayment(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
): Promise<PaymentFact | "absent"> {
  const { captureId } = readProviderPaymentId(payment.providerPaymentId ?? "");
  if (captureId !== undefined) {
    const capture = await readCapture(calls, captureId);
    return checked(payment, factOfCapture(capture, `asked:${payment.paymentId}:captured`));
  }
  const found = await findOrder(calls, payment);
  if (found === undefined) return "absent";
  const order = await authorised(calls, found);
  return checked(payment, factOf(order, `asked:${payment.paymentId}:${statusOf(order)}`));
}

function checked(payment: ProviderPaymentRef, fact: PaymentFact | undefined): PaymentFact {
  if (fact?.paymentId === payment.paymentId) return fact;
  throw new Error(
    `PayPal's ${payment.providerPaymentId ?? "order"} is not of ${payment.paymentId}`,
  );
}

/**
 * The order, authorised if the buyer has approved it and nobody has voided the payment. A refusal leaves it as it is: the buyer may
 * approve again with another card.
 */
export async function authorised(calls: PaypalCalls, order: KnownOrder): Promise<KnownOrder> {
  if (isMarkedVoided(order)) return letGo(calls, order);
  if (order.status !== OrderStatus.Approved) return order;
  // A new key for each approval, in case PayPal repeats what it said to the one before; for one approval it is the same.
  const approval = order.updateTime ?? order.createTime ?? "";
  try {
    await calls.call(({ orders }, options) =>
      orders.authorizeOrder(
        { id: order.id, paypalRequestId: `authorise:${order.id}:${approval}`, body: {} },
        options,
      ),
    );
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
  }
  // Read anew: a void may have come in between, or another authorisation been quicker.
  const now = await readOrder(calls, order.id);
  return isMarkedVoided(now) ? letGo(calls, now) : now;
}
