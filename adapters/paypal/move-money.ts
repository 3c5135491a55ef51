import type {
  AuthorizationWithAdditionalData,
  CapturedPayment,
  OrdersCapture,
} from "@paypal/paypal-server-sdk";
import { AuthorizationStatus, CaptureStatus } from "@paypal/paypal-server-sdk";

import { DomainError } from "../../domain/errors.ts";
import type { ProviderPaymentRef } from "../../domain/payment.ts";
import { fromPaypalAmount, toPaypalAmount } from "./amounts.ts";
import { findOrder, readCapture, readOrder } from "./find-order.ts";
import { letGo } from "./let-go.ts";
import {
  hasTaken,
  isMarkedVoided,
  liveAuthorisations,
  newestAuthorisation,
  pendingCapture,
  takenCaptures,
} from "./order-state.ts";
import { authorised } from "./orders.ts";
import { providerPaymentIdOf, readProviderPaymentId } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { PaypalError, refusalOf, unavailable } from "./paypal-errors.ts";

type Captured = { capturedMinor: number; providerPaymentId: string };

/** Safe to repeat: an authorisation is captured once, and a repeat is told what that capture has taken. */
export async function capturePayment(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
): Promise<Captured> {
  const known = readProviderPaymentId(payment.providerPaymentId ?? "");
  if (known.captureId !== undefined) {
    return outcomeOf(known.orderId, await readCapture(calls, known.captureId));
  }
  const found = await findOrder(calls, payment);
  if (found === undefined) throw declined();
  const order = await authorised(calls, found);
  const before = takenCaptures(order)[0] ?? pendingCapture(order);
  if (before !== undefined) return outcomeOf(order.id, before);

  const authorisation = isMarkedVoided(order) ? undefined : newestAuthorisation(order);
  if (authorisation === undefined) {
    // Under review at PayPal: nobody knows yet.
    if (liveAuthorisations(order).length > 0) throw undecided("authorisation pending");
    throw declined();
  }
  // PayPal would take more than was set aside, up to a limit of its own.
  if (fromPaypalAmount(authorisation.amount).amountMinor < payment.amountMinor) throw declined();
  return captureOnce(calls, order.id, await honoured(calls, authorisation), payment);
}

/**
 * Safe to repeat: what is void stays void. A payment that was never seen at PayPal is created under its start's key and marked, so
 * that a start that is still on its way finds the key taken and nothing to pay.
 */
export async function voidPayment(
  calls: PaypalCalls,
  payment: ProviderPaymentRef,
): Promise<"voided" | "captured"> {
  const { captureId } = readProviderPaymentId(payment.providerPaymentId ?? "");
  if (captureId !== undefined) return "captured";
  const found = await findOrder(calls, payment);
  if (found === undefined) return "voided";
  const order = await letGo(calls, found);
  if (takenCaptures(order).length > 0) return "captured";
  if (pendingCapture(order) !== undefined) throw undecided("capture pending");
  return "voided";
}

export function undecided(issue: string): DomainError {
  return unavailable(new PaypalError(undefined, issue));
}

async function captureOnce(
  calls: PaypalCalls,
  orderId: string,
  authorizationId: string,
  payment: ProviderPaymentRef,
): Promise<Captured> {
  try {
    const capture = await calls.call(({ payments }, options) =>
      payments.captureAuthorizedPayment(
        {
          authorizationId,
          paypalRequestId: `capture:${authorizationId}`,
          prefer: "return=representation",
          body: { amount: toPaypalAmount(payment), finalCapture: true },
        },
        options,
      ),
    );
    return outcomeOf(orderId, capture);
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    // Refused is this request. Another one may have been quicker, under a key that PayPal has forgotten or by hand.
    const order = await readOrder(calls, orderId);
    const quicker = takenCaptures(order)[0] ?? pendingCapture(order);
    if (quicker !== undefined) return outcomeOf(orderId, quicker);
    throw declined(error);
  }
}

/**
 * An authorisation that can be captured for sure. PayPal honours one for three days; afterwards it may be made anew, once, until
 * its 29 days are over. Where PayPal will not, the old one is tried as it is.
 */
async function honoured(
  calls: PaypalCalls,
  authorisation: AuthorizationWithAdditionalData,
): Promise<string> {
  const { id = "", createTime = "", amount } = authorisation;
  if (!(Date.now() - Date.parse(createTime) > honourMs)) return id;
  try {
    const renewed = await calls.call(({ payments }, options) =>
      payments.reauthorizePayment(
        {
          authorizationId: id,
          paypalRequestId: `reauthorise:${id}`,
          prefer: "return=representation",
          ...(amount === undefined ? {} : { body: { amount } }),
        },
        options,
      ),
    );
    return renewed.status === AuthorizationStatus.Created ? (renewed.id ?? id) : id;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return id;
  }
}

const honourMs = 3 * 24 * 3_600_000;

function outcomeOf(orderId: string, capture: CapturedPayment | OrdersCapture): Captured {
  const { id, status, amount } = capture;
  if (status === CaptureStatus.Declined || status === CaptureStatus.Failed) throw declined();
  if (id === undefined || !hasTaken(capture)) throw undecided(`capture ${status ?? "unknown"}`);
  const { amountMinor: capturedMinor } = fromPaypalAmount(amount);
  return { capturedMinor, providerPaymentId: providerPaymentIdOf(orderId, id) };
}

function declined(cause?: unknown): DomainError {
  return new DomainError("PAYMENT_DECLINED", { provider: "paypal" }, { cause });
}
