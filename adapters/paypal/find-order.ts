import type { CapturedPayment, Order, PurchaseUnitRequest } from "@paypal/paypal-server-sdk";
import {
  CheckoutPaymentIntent,
  PaypalExperienceUserAction,
  PaypalWalletContextShippingPreference,
} from "@paypal/paypal-server-sdk";

import { DomainError } from "../../domain/errors.ts";
import { bookingIds } from "../../domain/ids.ts";
import type { PaymentProvider, ProviderPaymentRef } from "../../domain/payment.ts";
import { toPaypalAmount } from "./amounts.ts";
import { isUnpaid } from "./order-state.ts";
import { customIdOf, readProviderPaymentId } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { PaypalError, unavailable } from "./paypal-errors.ts";

export type StartInput = Parameters<PaymentProvider["start"]>[0];
export type KnownOrder = Order & { id: string };

/** Undefined only when there can be no order: PayPal does not take such a payment. */
export async function findOrder(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
): Promise<KnownOrder | undefined> {
  if (payment.providerPaymentId !== null) {
    return readOrder(calls, readProviderPaymentId(payment.providerPaymentId).orderId);
  }
  try {
    // PayPal has no search. Whoever repeats the request gets the order that it has made, for six hours; after that a new one that
    // nobody has seen, while a payer of the first one cannot pay it: only we could take his money, and we do not know of it.
    return await createOrder(calls, payment);
  } catch (error) {
    if (error instanceof DomainError && error.code === "PAYMENT_AMOUNT_UNSUPPORTED") {
      return undefined;
    }
    throw error;
  }
}

export async function readOrder(calls: PaypalCalls, orderId: string): Promise<KnownOrder> {
  return known(
    await calls.call(({ orders }, options) => orders.getOrder({ id: orderId }, options)),
  );
}

export async function readCapture(calls: PaypalCalls, captureId: string): Promise<CapturedPayment> {
  return calls.call(({ payments }, options) => payments.getCapturedPayment({ captureId }, options));
}

/** The payment's order as it is now, created if it was not there yet. */
export async function createOrder(calls: PaypalCalls, input: StartInput): Promise<KnownOrder> {
  const unit: PurchaseUnitRequest = {
    amount: toPaypalAmount(input),
    customId: customIdOf(input),
    // An account that is set so takes money for an invoice once, even if two orders should bear it.
    invoiceId: input.paymentId,
  };
  const order = await calls.call(({ orders }, options) =>
    orders.createOrder(
      {
        paypalRequestId: `start:${input.paymentId}`,
        prefer: "return=representation",
        body: {
          intent: CheckoutPaymentIntent.Authorize,
          purchaseUnits: [unit],
          paymentSource: {
            paypal: {
              experienceContext: {
                userAction: PaypalExperienceUserAction.PayNow,
                shippingPreference: PaypalWalletContextShippingPreference.NoShipping,
                returnUrl: withBooking(calls.returnUrl, input),
                cancelUrl: withBooking(calls.cancelUrl, input),
              },
            },
          },
        },
      },
      options,
    ),
  );
  // A repeat says how far the order has come since, and not what was done with its money.
  return isUnpaid(order) ? known(order) : readOrder(calls, known(order).id);
}

/** So that the page to which a buyer comes back knows what to confirm. */
function withBooking(address: string, { bookingId, showId }: StartInput): string {
  const url = new URL(address);
  url.searchParams.set("booking", bookingIds.encode({ id: bookingId, showId }));
  return url.href;
}

/** All fields of an answer may be missing; one without an id says nothing. */
function known(order: Order): KnownOrder {
  const { id } = order;
  if (id === undefined) throw unavailable(new PaypalError(undefined, "order without an id"));
  return { ...order, id };
}
