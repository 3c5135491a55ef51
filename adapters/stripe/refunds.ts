import type Stripe from "stripe";

import type { ProviderPaymentRef, RefundOrder, RefundState } from "../../domain/payment.ts";
import { toStripeAmount } from "./amounts.ts";
import { findIntentId } from "./intents.ts";
import { metadataOf } from "./payment-fact.ts";
import { readPages } from "./read-pages.ts";
import { hasCode, isBadAmount, isReplayedFailure } from "./stripe-errors.ts";
import type { StripeCalls } from "./stripe-calls.ts";

/**
 * Gives money back. Safe to repeat: a refund is known by its id in its metadata, for as long as Stripe exists, and by its
 * attempt's key while the first request may still be on its way. Throws `PAYMENT_PROVIDER_UNAVAILABLE` when nobody knows.
 */
export async function refundPayment(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
  wanted: RefundOrder,
): Promise<RefundState> {
  const order = orderAtStripe(payment, wanted);
  const intentId = await findIntentId(calls, payment);
  for (let turn = 1; ; turn += 1) {
    const known = await findState(calls, intentId, order);
    if (known !== undefined) return known;
    try {
      return stateOf(await createRefund(calls, { payment, order, intentId, turn }));
    } catch (error) {
      const reason = refusalOf(error);
      // Refused is this request only: another run of the attempt, or a person at Stripe's dashboard, may have been quicker.
      if (reason !== undefined) {
        return (await findState(calls, intentId, order)) ?? failedFor(reason);
      }
      // The key is spent on a failure that Stripe repeats for a day. Whether it left a refund behind, the next look tells.
      if (!isReplayedFailure(error)) throw error;
      // So are all keys of this attempt: it can give nothing back any more, and the next one has keys of its own.
      if (turn === keysMax) {
        return (await findState(calls, intentId, order)) ?? failedFor("provider");
      }
    }
  }
}

/** `absent`: Stripe knows the payment, and nothing of it was given back under this order. */
export async function lookAtRefund(
  calls: StripeCalls,
  payment: ProviderPaymentRef,
  wanted: RefundOrder,
): Promise<RefundState | "absent"> {
  const order = orderAtStripe(payment, wanted);
  const intentId = await findIntentId(calls, payment);
  const known = await findState(calls, intentId, order);
  if (known !== undefined) return known;
  await calls.call("payment_intents.retrieve", () =>
    calls.stripe.paymentIntents.retrieve(intentId),
  );
  return "absent";
}

const keysMax = 3;

/** The amount is Stripe's. */
type StripeOrder = Pick<RefundOrder, "refundId" | "attempt"> & { amount: number };

function orderAtStripe(
  { currency }: ProviderPaymentRef,
  { refundId, attempt, amountMinor }: RefundOrder,
): StripeOrder {
  return { refundId, attempt, amount: toStripeAmount({ amountMinor, currency }) };
}

async function createRefund(
  calls: StripeCalls,
  given: { payment: ProviderPaymentRef; order: StripeOrder; intentId: string; turn: number },
): Promise<Stripe.Refund> {
  const { payment, order, intentId, turn } = given;
  const key = `refund:${order.refundId}:${order.attempt}`;
  const refund = await calls.call("refunds.create", () =>
    calls.stripe.refunds.create(
      {
        payment_intent: intentId,
        amount: order.amount,
        metadata: {
          ...metadataOf(payment),
          refund: order.refundId,
          attempt: String(order.attempt),
        },
      },
      { idempotencyKey: turn === 1 ? key : `${key}:${turn}` },
    ),
  );
  // A replay is the answer of back then; the bank may have said no since.
  const replayed = refund.lastResponse.headers["idempotent-replayed"] === "true";
  return replayed
    ? calls.call("refunds.retrieve", () => calls.stripe.refunds.retrieve(refund.id))
    : refund;
}

/**
 * What has already become of an order. An attempt that was never made is answered for by another of the same refund that has
 * not failed: whoever counts wrong, or comes late, must not send the money twice.
 */
async function findState(
  calls: StripeCalls,
  intentId: string,
  order: StripeOrder,
): Promise<RefundState | undefined> {
  const given = await listRefunds(calls, intentId);
  const ours = given.filter(({ metadata }) => metadata?.["refund"] === order.refundId);
  const same = ours.filter(({ metadata }) => metadata?.["attempt"] === String(order.attempt));
  const known = same.find(isLive) ?? same[0] ?? ours.find(isLive);
  if (known === undefined) return stateByOthers(calls, intentId, { given, order });
  if (known.amount !== order.amount) {
    throw new Error(`Refund ${order.refundId} was ${known.amount} before, not ${order.amount}`);
  }
  return stateOf(known);
}

/**
 * Money that a person gave back at Stripe's dashboard bears no id of ours, and a part of it could be meant for anything. Only
 * where the order is for all that was captured, and all of it went back, there is no doubt.
 */
async function stateByOthers(
  calls: StripeCalls,
  intentId: string,
  { given, order }: { given: Stripe.Refund[]; order: StripeOrder },
): Promise<RefundState | undefined> {
  const others = given.filter(
    (refund) => refund.metadata?.["refund"] === undefined && isLive(refund),
  );
  const sum = others.reduce((total, { amount }) => total + amount, 0);
  if (sum < order.amount) return undefined;
  const intent = await calls.call("payment_intents.retrieve", () =>
    calls.stripe.paymentIntents.retrieve(intentId),
  );
  if (order.amount !== intent.amount_received) return undefined;
  const telling = others.find(({ status }) => status !== "succeeded") ?? others[0];
  return telling === undefined ? undefined : stateOf(telling);
}

async function listRefunds(calls: StripeCalls, intentId: string): Promise<Stripe.Refund[]> {
  const refunds: Stripe.Refund[] = [];
  const pages = readPages(pagesMax, (page) =>
    calls.call("refunds.list", () =>
      calls.stripe.refunds.list({ payment_intent: intentId, ...page }),
    ),
  );
  for await (const page of pages) refunds.push(...page);
  return refunds;
}

/** A booking has a few seats, and each can be given back once: a thousand refunds of one payment are a mistake. */
const pagesMax = 10;

/** Where a refund stands, in our own words. */
export function stateOf(refund: Stripe.Refund): RefundState {
  const { id, status, failure_reason: why } = refund;
  if (status === "succeeded") return { status, providerRefundId: id };
  // `pending`, `requires_action`, and what Stripe may invent: not back yet.
  if (isLive(refund)) return { status: "pending", providerRefundId: id };
  return { status: "failed", providerRefundId: id, reason: reasonOf(why) };
}

function failedFor(reason: RefundFailure): RefundState {
  return { status: "failed", providerRefundId: null, reason };
}

type RefundFailure = NonNullable<RefundState["reason"]>;

function reasonOf(failureReason: string | undefined): RefundFailure {
  if (failureReason === "insufficient_funds") return "balance";
  if (failureReason === "charge_for_pending_refund_disputed") return "dispute";
  return "provider";
}

/** Why Stripe will not give this money back now; undefined when the error says something else. */
function refusalOf(error: unknown): RefundFailure | undefined {
  if (hasCode(error, "balance_insufficient", "insufficient_funds")) return "balance";
  if (hasCode(error, "charge_disputed", "refund_disputed_payment")) return "dispute";
  if (hasCode(error, "charge_already_refunded", "charge_not_refundable")) return "provider";
  // More than is left of the charge: others have given a part of it back. This refusal has no code of its own.
  return isBadAmount(error) ? "provider" : undefined;
}

function isLive({ status }: Stripe.Refund): boolean {
  return status !== "failed" && status !== "canceled";
}
