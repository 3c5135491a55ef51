/**
 * Where a payment stands with its provider, in the words that every provider is translated to.
 * `open`: the buyer may still pay. `authorised`: money is set aside. `captured`: money has moved.
 * `voided`: nothing will move any more.
 */
export type ProviderPaymentStatus = "open" | "authorised" | "captured" | "voided";

/** `free` is nobody: a booking that costs nothing is paid by asking for it. */
export type PaymentProviderName = "stripe" | "paypal" | "free";

/** A fact about a payment, as a checkout learns it: from a webhook, or by asking. Ids are plain UUIDs. */
export type PaymentFact = {
  /** The provider's event id, or `asked:<payment>:<status>` when we asked: the same fact counts once. */
  eventId: string;
  provider: PaymentProviderName;
  paymentId: string;
  bookingId: string;
  showId: string;
  status: ProviderPaymentStatus;
  amountMinor: number;
  currency: string;
};

/** Whether money is there for us, set aside or taken. */
export function isPaid({ status }: PaymentFact): boolean {
  return status === "authorised" || status === "captured";
}

/** What a buyer's browser needs to pay: Stripe's client secret, or PayPal's approval link. */
export type PaymentStart = {
  providerPaymentId: string;
  status: ProviderPaymentStatus;
  clientSecret?: string;
  approvalUrl?: string;
};

/**
 * A payment provider. Every call may be repeated: keys come from the payment's identity. Throws
 * `DomainError("PAYMENT_PROVIDER_UNAVAILABLE")` when the answer is unknown: the call may have happened.
 */
export type PaymentProvider = {
  name: PaymentProviderName;
  /** Creates the payment, or returns the one that this id has already created. Money is set aside, not taken. */
  start(input: {
    paymentId: string;
    bookingId: string;
    showId: string;
    amountMinor: number;
    currency: string;
  }): Promise<PaymentStart>;
  /**
   * Asks where a payment stands. `providerPaymentId` is unknown when the answer to `start` was lost. Where a buyer's approval
   * alone sets no money aside, looking at an approved payment does.
   */
  look(payment: ProviderPaymentRef): Promise<PaymentFact | "absent">;
  /**
   * What tells the card of an authorised payment from all others, as the provider calls it; undefined where no card was used.
   * Left out where a provider knows none.
   */
  cardOf?(payment: ProviderPaymentRef): Promise<string | undefined>;
  /**
   * Takes the authorised money. Throws `DomainError("PAYMENT_DECLINED")` when that can never succeed. A `providerPaymentId` in
   * the answer takes the place of the one before: the provider may not know the money by that one for as long as it may go back.
   */
  capture(
    payment: ProviderPaymentRef,
  ): Promise<{ capturedMinor: number; providerPaymentId?: string }>;
  /** Makes sure that no money moves: voids what is open or authorised. Says so when money has already moved. */
  voidPayment(payment: ProviderPaymentRef): Promise<"voided" | "captured">;
  /**
   * Gives captured money back, all or part of it. Repeating an attempt moves nothing; a failed one is made anew under the next
   * attempt, by whoever decides that it is time.
   */
  refund(payment: ProviderPaymentRef, order: RefundOrder): Promise<RefundState>;
  /** Asks where a refund stands: `succeeded` may turn into `failed` days later. */
  lookAtRefund(payment: ProviderPaymentRef, order: RefundOrder): Promise<RefundState | "absent">;
  /** How long a request of this process would wait for its turn in the budget that the provider gives us. */
  waitMs?(): number;
  /**
   * What there is to tell since a moment, in milliseconds of the epoch: for news whose webhook never came. The event ids are
   * those of the webhooks, so what was heard before is known. The newest only, where there is very much: ask often.
   */
  newsSince?(sinceMs: number): Promise<ProviderNews[]>;
  /**
   * Every payment and then every refund that was made since a moment, in milliseconds of the epoch, as they stand now: for
   * whoever compares books. Changes nothing. Left out where a provider cannot list them.
   */
  booksSince?(sinceMs: number): AsyncIterable<ProviderEntry>;
  /**
   * What a provider says of one payment and of its refunds at this moment, where its lists come late. Changes nothing, so that
   * open payments may be asked about too. Nothing is listed of a payment that it does not know. `providerRefundIds` are those
   * that we know, for a provider that finds refunds by nothing else.
   */
  booksOf?(
    payment: ProviderPaymentRef,
    providerRefundIds: readonly string[],
  ): Promise<ProviderEntry[]>;
};

/** `providerPaymentId` is what the provider's refunds call the payment by. */
export type ProviderEntry =
  | ({ kind: "payment"; providerPaymentId: string } & ProviderPayment)
  | ({ kind: "refund"; providerPaymentId: string; providerRefundId: string } & ProviderRefund);

type ProviderPayment = Pick<
  PaymentFact,
  "paymentId" | "bookingId" | "showId" | "status" | "amountMinor" | "currency"
>;

/** `ours` is missing on a refund that a person has made at the provider by hand. */
type ProviderRefund = {
  ours: { refundId: string; showId: string; bookingId: string } | undefined;
  status: RefundState["status"];
  amountMinor: number;
  currency: string;
};

/**
 * What to give back of a payment. `refundId` is a plain UUID; attempts count from 1. `providerRefundId` is what the provider has
 * called this attempt, as far as that is known.
 */
export type RefundOrder = {
  refundId: string;
  attempt: number;
  amountMinor: number;
  providerRefundId?: string | null;
};

/**
 * Where one attempt at a refund stands. `failed` says that no money went back: the balance at the provider is too low, the
 * customer's bank has opened a dispute, or the provider gives another reason.
 */
export type RefundState = {
  status: "pending" | "succeeded" | "failed";
  providerRefundId: string | null;
  reason?: "balance" | "dispute" | "provider";
};

/**
 * What a provider tells us by itself. News of approvals, refunds and disputes are hints: whoever hears one asks the provider.
 * `approval`: the buyer has agreed, and no money is set aside yet. A refund's status is that of the moment of the news, where the
 * provider says it. The event id is the provider's.
 */
export type ProviderNews =
  | { kind: "payment"; fact: PaymentFact }
  | ({ kind: "approval" } & NewsIdentity)
  | ({ kind: "refund"; refundId: string; status?: RefundState["status"] } & NewsIdentity)
  | ({ kind: "dispute"; isOpen: boolean } & NewsIdentity);

type NewsIdentity = Pick<
  PaymentFact,
  "eventId" | "provider" | "paymentId" | "bookingId" | "showId"
>;

export type ProviderPaymentRef = {
  paymentId: string;
  bookingId: string;
  showId: string;
  providerPaymentId: string | null;
  amountMinor: number;
  currency: string;
};
