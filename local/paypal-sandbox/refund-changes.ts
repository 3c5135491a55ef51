import type { Money, Refund } from "@paypal/paypal-server-sdk";
import { CaptureStatus, RefundStatus } from "@paypal/paypal-server-sdk";

import type { PaypalFault } from "./paypal-faults.ts";
import { refused } from "./refusal.ts";
import type { CaptureRow, DisputeRow, RefundRow, SandboxLedger } from "./rows.ts";
import { newId, timeIn } from "./rows.ts";
import { hundredthsOf, moneyOf } from "./sandbox-money.ts";
import { tell, tellResource } from "./tell.ts";
import { known, refundedHundredths } from "./views.ts";

export type RefundWish = {
  amount: Money | undefined;
  customId: string | undefined;
  invoiceId: string | undefined;
};

export function refundCapture(
  ledger: SandboxLedger,
  row: CaptureRow,
  wish: RefundWish,
  fault: PaypalFault["kind"] | undefined,
): RefundRow {
  const left = hundredthsOf(row.capture.amount) - refundedHundredths(ledger, row.id);
  const amount = wish.amount ?? moneyOf(left, row.capture.amount?.currencyCode ?? "");
  assertRefundable(ledger, row, { ...wish, amount, left });
  if (fault === "refuse") throw refused("REFUND_NOT_ALLOWED", "Capture cannot be refunded.");
  if (fault === "insufficient_funds") {
    throw refused("REFUND_FAILED_INSUFFICIENT_FUNDS", "Could not be refunded: too little money.");
  }
  const { instrument } = known(ledger.get("orders", row.orderId));
  const isPending = fault === "pending" || instrument === "slow_refund";
  const refund = newRefund(ledger, row, { ...wish, amount }, isPending);
  ledger.put("refunds", refund);
  tellIfGivenBack(ledger, refund);
  return refund;
}

/** A refund that was pending turns out well or badly. PayPal says nothing about the bad ones. */
export function settleRefund(
  ledger: SandboxLedger,
  row: RefundRow,
  status: RefundStatus.Completed | RefundStatus.Failed,
): void {
  const settled = { ...row, refund: { ...row.refund, status, updateTime: timeIn(ledger) } };
  ledger.put("refunds", settled);
  tellIfGivenBack(ledger, settled);
}

/** The buyer complains. */
export function openDispute(ledger: SandboxLedger, row: CaptureRow): DisputeRow {
  const dispute = {
    id: `PP-D-${newId()}`,
    captureId: row.id,
    isOpen: true,
    createTime: timeIn(ledger),
  };
  ledger.put("disputes", dispute);
  tellDispute(ledger, dispute);
  return dispute;
}

export function closeDispute(ledger: SandboxLedger, row: DisputeRow): void {
  const dispute = { ...row, isOpen: false };
  ledger.put("disputes", dispute);
  tellDispute(ledger, dispute);
}

function assertRefundable(
  ledger: SandboxLedger,
  row: CaptureRow,
  { amount, left, invoiceId }: RefundWish & { amount: Money; left: number },
): void {
  const { capture } = row;
  if (capture.status === CaptureStatus.Pending) {
    throw refused("PENDING_CAPTURE", "Cannot initiate a refund as the capture is pending.");
  }
  if (capture.status !== CaptureStatus.Completed) {
    throw refused("REFUND_NOT_ALLOWED", "Capture cannot be refunded.");
  }
  if (ledger.nowMs() - Date.parse(capture.createTime ?? "") > refundableMs) {
    throw refused("REFUND_TIME_LIMIT_EXCEEDED", "You are over the time limit.");
  }
  if (left === 0) throw refused("CAPTURE_FULLY_REFUNDED", "The capture has been fully refunded.");
  if (amount.currencyCode !== capture.amount?.currencyCode) {
    throw refused("REFUND_CAPTURE_CURRENCY_MISMATCH", "Must be in the currency of the capture.");
  }
  if (hundredthsOf(amount) > left) {
    throw refused("REFUND_AMOUNT_EXCEEDED", "More than has not yet been refunded.");
  }
  const isDisputed = ledger.all("disputes").some((one) => one.captureId === row.id && one.isOpen);
  if (isDisputed && hundredthsOf(amount) < left) {
    throw refused("TRANSACTION_DISPUTED", "Partial refunds cannot be offered at this time.");
  }
  const isKnown = ledger.all("refunds").some(({ refund }) => refund.invoiceId === invoiceId);
  if (invoiceId !== undefined && isKnown) {
    throw refused("DUPLICATE_INVOICE_ID", "Invoice ID was previously used to refund a capture.");
  }
}

const refundableMs = 180 * 24 * 3_600_000;

function newRefund(
  ledger: SandboxLedger,
  row: CaptureRow,
  { amount, customId, invoiceId }: RefundWish & { amount: Money },
  isPending: boolean,
): RefundRow {
  const id = newId();
  const refund: Refund = {
    id,
    status: isPending ? RefundStatus.Pending : RefundStatus.Completed,
    amount,
    ...(customId === undefined ? {} : { customId }),
    ...(invoiceId === undefined ? {} : { invoiceId }),
    createTime: timeIn(ledger),
    updateTime: timeIn(ledger),
    links: [{ rel: "up", href: `https://api.paypal.example/v2/payments/captures/${row.id}` }],
  };
  return { id, orderId: row.orderId, captureId: row.id, refund };
}

function tellIfGivenBack(ledger: SandboxLedger, { id, refund }: RefundRow): void {
  if (refund.status !== RefundStatus.Completed) return;
  tell(ledger, "PAYMENT.CAPTURE.REFUNDED", { table: "refunds", id });
}

function tellDispute(ledger: SandboxLedger, { id, captureId, isOpen, createTime }: DisputeRow) {
  const { capture } = known(ledger.get("captures", captureId));
  const name = isOpen ? "CUSTOMER.DISPUTE.CREATED" : "CUSTOMER.DISPUTE.RESOLVED";
  tellResource(ledger, name, "dispute", {
    disputeId: id,
    createTime,
    reason: "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
    status: isOpen ? "OPEN" : "RESOLVED",
    disputeAmount: capture.amount,
    disputedTransactions: [
      {
        sellerTransactionId: captureId,
        invoiceNumber: capture.invoiceId,
        custom: capture.customId,
        grossAmount: capture.amount,
        buyer: { name: "Asha Example" },
      },
    ],
  });
}
