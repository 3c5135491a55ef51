import type { SearchResponse, TransactionInformation } from "@paypal/paypal-server-sdk";

import { DomainError } from "../../domain/errors.ts";
import type { ProviderEntry } from "../../domain/payment.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { readCustomId, readRefundInvoiceId } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { isTooMany } from "./paypal-errors.ts";

/**
 * Our payments and refunds among the transactions of the account, from PayPal's Transaction Search. They come into it up to three
 * hours late, and only those that have moved money: what is not in it may still be true. The account must have Transaction Search
 * turned on for this client. Throws `PAYMENT_PROVIDER_UNAVAILABLE` rather than stop before the end.
 */
export async function* listBooksSince(
  calls: PaypalCalls,
  sinceMs: number,
): AsyncGenerator<ProviderEntry> {
  const transactions = new Map<string, Transaction>();
  const nowMs = Date.now();
  for (let fromMs = sinceMs; fromMs < nowMs; fromMs += rangeMsMax) {
    const range = { fromMs, toMs: Math.min(fromMs + rangeMsMax, nowMs) };
    for await (const one of readRange(calls, range)) transactions.set(one.transactionId, one);
  }
  const all = [...transactions.values()];
  yield* paymentsIn(all);
  for (const one of all) {
    if (one.transactionEventCode === refundCode) yield refundOf(one);
  }
}

type Range = { fromMs: number; toMs: number };
type Transaction = TransactionInformation & { transactionId: string };

/** A refund by the merchant. */
const refundCode = "T1107";
/** PayPal takes no longer ranges. */
const rangeMsMax = 31 * 86_400_000;
const pageSize = 500;
/** PayPal refuses what has more: ten thousand transactions. */
const pagesMax = 20;
const rangeMsMin = 1_000;

/** A range of too many transactions is read in halves. */
async function* readRange(calls: PaypalCalls, range: Range): AsyncGenerator<Transaction> {
  const first = await readPage(calls, range, 1);
  if (first === "too many") {
    const middleMs = Math.floor((range.fromMs + range.toMs) / 2);
    if (range.toMs - range.fromMs < rangeMsMin) throw unread();
    yield* readRange(calls, { fromMs: range.fromMs, toMs: middleMs });
    yield* readRange(calls, { fromMs: middleMs, toMs: range.toMs });
    return;
  }
  yield* transactionsIn(first);
  const pages = first.totalPages ?? 1;
  if (pages > pagesMax) throw unread();
  for (let number = 2; number <= pages; number += 1) {
    const page = await readPage(calls, range, number);
    if (page === "too many") throw unread();
    yield* transactionsIn(page);
  }
}

async function readPage(
  calls: PaypalCalls,
  { fromMs, toMs }: Range,
  page: number,
): Promise<SearchResponse | "too many"> {
  try {
    return await calls.call(({ transactions }, options) =>
      transactions.searchTransactions(
        {
          startDate: new Date(fromMs).toISOString(),
          endDate: new Date(toMs).toISOString(),
          // Nothing of the payers.
          fields: "transaction_info",
          pageSize,
          page,
        },
        options,
      ),
    );
  } catch (error) {
    if (isTooMany(error)) return "too many";
    throw error;
  }
}

function* transactionsIn({ transactionDetails = [] }: SearchResponse): Generator<Transaction> {
  for (const { transactionInfo: one } of transactionDetails) {
    if (one?.transactionId !== undefined) yield { ...one, transactionId: one.transactionId };
  }
}

/** What was captured of each payment of ours. More than one capture is one sum, as an order shows it. */
function* paymentsIn(all: Transaction[]): Generator<ProviderEntry> {
  const captures = all.filter(
    ({ transactionEventCode: code, transactionStatus: status }) =>
      code?.startsWith("T00") === true && status !== undefined && /^[SPVF]$/.test(status),
  );
  const byPayment = Map.groupBy(
    captures,
    ({ customField }) => readCustomId(customField)?.paymentId,
  );
  for (const [paymentId, some] of byPayment) {
    const [first] = some;
    const identity = readCustomId(first?.customField);
    if (paymentId === undefined || first === undefined || identity === undefined) continue;
    // Pending is still set aside; with anything taken, what is pending counts no more than in an order.
    const taken = some.filter(({ transactionStatus }) => transactionStatus !== "P");
    const counted = taken.length === 0 ? [first] : taken;
    const amounts = counted.map(({ transactionAmount }) => fromPaypalAmount(transactionAmount));
    yield {
      kind: "payment",
      providerPaymentId: first.transactionId,
      paymentId,
      bookingId: identity.bookingId,
      showId: identity.showId,
      status: taken.length === 0 ? "authorised" : "captured",
      amountMinor: amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      currency: amounts[0]?.currency ?? "",
    };
  }
}

function refundOf(one: Transaction): ProviderEntry {
  const identity = readCustomId(one.customField);
  const made = readRefundInvoiceId(one.invoiceId);
  const ours = identity && made && { ...identity, refundId: made.refundId };
  const money = one.transactionAmount;
  return {
    kind: "refund",
    providerPaymentId: one.paypalReferenceId ?? "",
    providerRefundId: one.transactionId,
    ours: ours && { refundId: ours.refundId, showId: ours.showId, bookingId: ours.bookingId },
    status: refundStatusOf(one.transactionStatus),
    // Money that leaves the account is written with a minus.
    ...fromPaypalAmount(money && { ...money, value: money.value.replace(/^-/, "") }),
  };
}

function refundStatusOf(status: string | undefined): "pending" | "succeeded" | "failed" {
  if (status === "S") return "succeeded";
  return status === "P" ? "pending" : "failed";
}

function unread(): DomainError {
  return new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: "paypal" });
}
