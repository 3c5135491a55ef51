/** What becomes of a payment with each of the buyer's ways to pay. */
export const instruments = [
  /** Goes through. */
  "balance",
  /** Refused when the money is to be set aside; the buyer may choose another. */
  "declined_card",
  /** Set aside only after somebody at PayPal has looked at it. */
  "reviewed",
  /** Taken days after the capture, or never. */
  "echeck",
  /** Refunds take days. */
  "slow_refund",
] as const;

export type Instrument = (typeof instruments)[number];
