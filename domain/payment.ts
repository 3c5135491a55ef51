/**
 * Where a payment stands with its provider, in the words that every provider is translated to.
 * `open`: the buyer may still pay. `authorised`: money is set aside. `captured`: money has moved.
 * `voided`: nothing will move any more.
 */
export type ProviderPaymentStatus = "open" | "authorised" | "captured" | "voided";

export type PaymentProviderName = "stripe" | "paypal";

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
  /** Asks where a payment stands. `providerPaymentId` is unknown when the answer to `start` was lost. */
  look(payment: ProviderPaymentRef): Promise<PaymentFact | "absent">;
  /** Takes the authorised money. Throws `DomainError("PAYMENT_DECLINED")` when that can never succeed. */
  capture(payment: ProviderPaymentRef): Promise<{ capturedMinor: number }>;
  /** Makes sure that no money moves: voids what is open or authorised. Says so when money has already moved. */
  voidPayment(payment: ProviderPaymentRef): Promise<"voided" | "captured">;
  /** Gives captured money back in full; done when the provider has accepted it. */
  refund(payment: ProviderPaymentRef & { amountMinor: number; refundId: string }): Promise<void>;
};

export type ProviderPaymentRef = {
  paymentId: string;
  bookingId: string;
  showId: string;
  providerPaymentId: string | null;
  amountMinor: number;
  currency: string;
};
