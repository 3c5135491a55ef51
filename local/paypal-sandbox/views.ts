import type { LinkDescription, Order } from "@paypal/paypal-server-sdk";
import { CaptureStatus, OrderStatus, RefundStatus } from "@paypal/paypal-server-sdk";

import { missing } from "./refusal.ts";
import type { OrderRow, Ref, SandboxLedger } from "./rows.ts";
import { hundredthsOf } from "./sandbox-money.ts";

/** Where a browser finds the page on which a buyer approves. */
export type Site = { pageUrl: string };

/** An object as PayPal shows it now, in the SDK's spelling. */
export function viewOf(ledger: SandboxLedger, { table, id }: Ref, site: Site): object {
  if (table === "orders") return viewOrder(ledger, known(ledger.get(table, id)), site);
  if (table === "authorizations") return known(ledger.get(table, id)).authorization;
  if (table === "refunds") return known(ledger.get(table, id)).refund;
  return { ...known(ledger.get(table, id)).capture, status: captureStatus(ledger, id) };
}

/** An order with everything that was done with its money. */
function viewOrder(ledger: SandboxLedger, row: OrderRow, site: Site): Order {
  const ofOrder = ({ orderId }: { orderId: string }) => orderId === row.id;
  const authorizations = ledger.all("authorizations").filter(ofOrder);
  const captures = ledger.all("captures").filter(ofOrder);
  const refunds = ledger.all("refunds").filter(ofOrder);
  const payments = {
    authorizations: authorizations.map(({ authorization }) => authorization),
    captures: captures.map(({ id, capture }) => ({
      ...capture,
      status: captureStatus(ledger, id),
    })),
    refunds: refunds.map(({ refund }) => refund),
  };
  const [unit] = row.order.purchaseUnits ?? [];
  return {
    ...row.order,
    purchaseUnits: [{ ...unit, ...(authorizations.length === 0 ? {} : { payments }) }],
    links: linksOf(row, site),
  };
}

/** A capture says itself how much of it has gone back. */
export function captureStatus(ledger: SandboxLedger, captureId: string): CaptureStatus {
  const { capture } = known(ledger.get("captures", captureId));
  const status = capture.status ?? CaptureStatus.Pending;
  const refunded = refundedHundredths(ledger, captureId, [RefundStatus.Completed]);
  if (status !== CaptureStatus.Completed || refunded === 0) return status;
  const isWhole = refunded === hundredthsOf(capture.amount);
  return isWhole ? CaptureStatus.Refunded : CaptureStatus.PartiallyRefunded;
}

export function refundedHundredths(
  ledger: SandboxLedger,
  captureId: string,
  statuses = [RefundStatus.Completed, RefundStatus.Pending],
): number {
  return ledger
    .all("refunds")
    .filter((row) => row.captureId === captureId)
    .filter(({ refund }) => refund.status !== undefined && statuses.includes(refund.status))
    .reduce((sum, { refund }) => sum + hundredthsOf(refund.amount), 0);
}

/** An order that was made for a wallet names its approval page in another way than one that was made for nothing in particular. */
function linksOf({ id, order }: OrderRow, { pageUrl }: Site): LinkDescription[] {
  const href = `${pageUrl}/checkoutnow?token=${id}`;
  if (order.status === OrderStatus.PayerActionRequired) return [{ rel: "payer-action", href }];
  if (order.status === OrderStatus.Created) return [{ rel: "approve", href }];
  return [];
}

export function known<Row>(row: Row | undefined): Row {
  if (row === undefined) throw missing();
  return row;
}
