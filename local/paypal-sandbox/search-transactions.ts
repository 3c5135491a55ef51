import { CaptureStatus, RefundStatus } from "@paypal/paypal-server-sdk";
import { z } from "zod";

import { keepSilent } from "../provider-sandbox/lost-answers.ts";
import type { SandboxContext } from "../provider-sandbox/lost-answers.ts";
import type { Api } from "./answer-api.ts";
import { read } from "./order-routes.ts";
import {
  invalidBody,
  notAuthenticated,
  Refusal,
  serverFailure,
  tooManyRequests,
} from "./refusal.ts";
import type { SandboxLedger } from "./rows.ts";
import { captureStatus } from "./views.ts";
import { toWire } from "./wire.ts";

export const searchPath = "/v1/reporting/transactions";

/** What has moved money, in the account's own list. It appears there when the lever says so; with PayPal, after hours. */
export async function searchTransactions(
  { ledger, tokens, faults, reporting }: Api,
  context: SandboxContext,
): Promise<Response> {
  try {
    if (!tokens.isValid(context.req.header("authorization"))) throw notAuthenticated();
    const fault = faults.strike("GET", searchPath);
    if (fault?.kind === "429") throw tooManyRequests(fault.retryAfter);
    if (fault?.kind === "500") throw serverFailure();
    if (fault?.kind === "black_hole") return await keepSilent(context, fault.ms);
    if (fault?.kind === "too_large") return Response.json(tooLarge, { status: 400 });

    const query = read(searchQuery, context.req.query());
    const [fromMs, toMs] = [Date.parse(query.start_date), Date.parse(query.end_date)];
    if (!(toMs - fromMs <= rangeMsMax)) throw invalidBody("The range is more than 31 days.");
    const knownMs = ledger.nowMs() - reporting.lagHours * 3_600_000;
    const found = transactionsIn(ledger).filter(({ transactionInitiationDate: date }) => {
      const atMs = Date.parse(date ?? "");
      return atMs >= fromMs && atMs <= toMs && atMs <= knownMs;
    });
    const start = (query.page - 1) * query.page_size;
    const details = found
      .slice(start, start + query.page_size)
      .map((transactionInfo) => ({ transactionInfo }));
    return Response.json(
      toWire({
        transactionDetails: details,
        page: query.page,
        totalItems: found.length,
        totalPages: Math.ceil(found.length / query.page_size),
      }),
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json(error.body(""), { status: error.status, headers: error.headers });
  }
}

const rangeMsMax = 31 * 86_400_000;

const searchQuery = z.object({
  start_date: z.iso.datetime({ offset: true }),
  end_date: z.iso.datetime({ offset: true }),
  page_size: z.coerce.number().int().min(1).max(500).default(100),
  page: z.coerce.number().int().min(1).default(1),
});

const tooLarge = {
  name: "RESULTSET_TOO_LARGE",
  message: "Result set size is greater than the maximum limit.",
  details: [{ issue: "Narrow the range of dates." }],
  total_items: 10_001,
  maximum_items: 10_000,
};

function transactionsIn(ledger: SandboxLedger) {
  const captures = ledger.all("captures").map(({ id, authorizationId, capture }) => ({
    transactionId: id,
    paypalReferenceId: authorizationId,
    paypalReferenceIdType: "TXN",
    transactionEventCode: "T0006",
    transactionInitiationDate: capture.createTime,
    transactionAmount: capture.amount,
    transactionStatus: captureLetters[captureStatus(ledger, id)],
    invoiceId: capture.invoiceId,
    customField: capture.customId,
  }));
  const refunds = ledger.all("refunds").map(({ id, captureId, refund }) => ({
    transactionId: id,
    paypalReferenceId: captureId,
    paypalReferenceIdType: "TXN",
    transactionEventCode: "T1107",
    transactionInitiationDate: refund.createTime,
    transactionAmount: { ...refund.amount, value: `-${refund.amount?.value ?? "0"}` },
    transactionStatus: refundLetters[refund.status ?? RefundStatus.Pending],
    invoiceId: refund.invoiceId,
    customField: refund.customId,
  }));
  return [...captures, ...refunds];
}

const captureLetters: Record<CaptureStatus, string> = {
  [CaptureStatus.Completed]: "S",
  [CaptureStatus.PartiallyRefunded]: "F",
  [CaptureStatus.Refunded]: "V",
  [CaptureStatus.Pending]: "P",
  [CaptureStatus.Declined]: "D",
  [CaptureStatus.Failed]: "D",
};
const refundLetters: Record<RefundStatus, string> = {
  [RefundStatus.Completed]: "S",
  [RefundStatus.Pending]: "P",
  [RefundStatus.Failed]: "D",
  [RefundStatus.Cancelled]: "D",
};
