/** Why money goes back. A cause is an identity: the same one for the same payment is the same refund. */
export type RefundCause =
  /** The payment bought nothing: it came too late, was the second one, or its checkout failed. */
  | "stray"
  | "show_cancelled"
  /** Asked for: by the buyer under a request id, or by support under the id of the action. */
  | `buyer:${string}`
  | `support:${string}`;

/** `requested`: the provider has yet to accept it. `settled`: support has paid it in another way. */
export type RefundStatus = "requested" | "pending" | "succeeded" | "settled";

export type RefundKey = { showId: string; refundId: string };
