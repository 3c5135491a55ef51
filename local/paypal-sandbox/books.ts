import { AuthorizationStatus, CaptureStatus, RefundStatus } from "@paypal/paypal-server-sdk";

import type { SandboxLedger } from "./rows.ts";
import { hundredthsOf, moneyOf } from "./sandbox-money.ts";
import { captureStatus } from "./views.ts";

/** Everything with its money, for whoever has to prove that none went missing. Amounts are PayPal's own decimal strings. */
export function booksOf(ledger: SandboxLedger) {
  const owed = new Set(ledger.undelivered().map(({ id }) => id));
  return {
    orders: ledger.all("orders").map(({ id, order }) => ({
      id,
      status: order.status,
      customId: order.purchaseUnits?.[0]?.customId,
      invoiceId: order.purchaseUnits?.[0]?.invoiceId,
      value: order.purchaseUnits?.[0]?.amount?.value,
    })),
    authorizations: ledger.all("authorizations").map(({ id, orderId, authorization }) => ({
      id,
      orderId,
      status: authorization.status,
      value: authorization.amount?.value,
    })),
    captures: ledger.all("captures").map(({ id, orderId, capture }) => ({
      id,
      orderId,
      status: captureStatus(ledger, id),
      value: capture.amount?.value,
    })),
    refunds: ledger.all("refunds").map(({ id, captureId, refund }) => ({
      id,
      captureId,
      status: refund.status,
      value: refund.amount?.value,
      invoiceId: refund.invoiceId,
    })),
    disputes: ledger
      .all("disputes")
      .map(({ id, captureId, isOpen }) => ({ id, captureId, isOpen })),
    events: ledger
      .events()
      .map(({ id, event_type: type }) => ({ id, type, delivered: !owed.has(id) })),
    totals: totalsOf(ledger),
  };
}

export type SandboxBooks = ReturnType<typeof booksOf> & {
  tokensIssued: number;
  webhooks: { held: number; delivered: number; failed: number; abandoned: number };
};

type Totals = Record<
  string,
  { authorised: string; captured: string; refunded: string } | undefined
>;

/** What stands by currency: set aside and not taken, taken, given back. A pending capture has taken nothing yet. */
function totalsOf(ledger: SandboxLedger): Totals {
  const sums: Record<string, { authorised: number; captured: number; refunded: number }> = {};
  const sumsOf = (currency: string) =>
    (sums[currency] ??= { authorised: 0, captured: 0, refunded: 0 });
  const renewed = new Set(ledger.all("authorizations").map(({ parentId }) => parentId));
  for (const { id, authorization } of ledger.all("authorizations")) {
    const isLive =
      authorization.status === AuthorizationStatus.Created ||
      authorization.status === AuthorizationStatus.Pending;
    const sum = sumsOf(authorization.amount?.currencyCode ?? "");
    if (isLive && !renewed.has(id)) sum.authorised += hundredthsOf(authorization.amount);
  }
  for (const { capture } of ledger.all("captures")) {
    if (capture.status !== CaptureStatus.Completed) continue;
    sumsOf(capture.amount?.currencyCode ?? "").captured += hundredthsOf(capture.amount);
  }
  for (const { refund } of ledger.all("refunds")) {
    if (refund.status !== RefundStatus.Completed) continue;
    sumsOf(refund.amount?.currencyCode ?? "").refunded += hundredthsOf(refund.amount);
  }
  return Object.fromEntries(
    Object.entries(sums).map(([currency, { authorised, captured, refunded }]) => [
      currency,
      {
        authorised: moneyOf(authorised, currency).value,
        captured: moneyOf(captured, currency).value,
        refunded: moneyOf(refunded, currency).value,
      },
    ]),
  );
}
