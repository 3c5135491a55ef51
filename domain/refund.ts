import type { RefundState } from "./payment.ts";

/** Why money goes back. A cause is an identity: the same one for the same payment is the same refund. */
export type RefundCause =
  /** The payment bought nothing: it came too late, was the second one, or its checkout failed. */
  | "stray"
  | "show_cancelled"
  /** Asked for: by the buyer under a request id, or by support under the id of the run that gives it back. */
  | `buyer:${string}`
  | `support:${string}`;

/** `requested`: the provider has yet to accept it. `settled`: support has paid it in another way. */
export type RefundStatus = "requested" | "pending" | "succeeded" | "settled";

/**
 * Whether news of a refund can be left alone: they say that it succeeded, and that is known. A cancelled show makes thousands of
 * refunds that succeed at once, and each is told of by its provider.
 */
export function isKnown(
  refund: { status: RefundStatus },
  news: { status?: RefundState["status"] },
): boolean {
  return (
    news.status === "succeeded" && (refund.status === "succeeded" || refund.status === "settled")
  );
}

export type RefundKey = { showId: string; refundId: string };
