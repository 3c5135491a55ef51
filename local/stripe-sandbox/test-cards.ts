/** What Stripe's test payment methods do, by their id. */
export type TestCard = {
  outcome: "good" | "declined" | "challenge";
  code?: string;
  declineCode?: string;
  message?: string;
  /** What becomes of a refund to this card. */
  refund?: "pending" | "fails_later";
};

export function findTestCard(paymentMethod: string): TestCard | undefined {
  return testCards.get(paymentMethod);
}

const testCards = new Map<string, TestCard>([
  ["pm_card_visa", { outcome: "good" }],
  ["pm_card_mastercard", { outcome: "good" }],
  ["pm_card_amex", { outcome: "good" }],
  ["pm_card_pendingRefund", { outcome: "good", refund: "pending" }],
  ["pm_card_refundFail", { outcome: "good", refund: "fails_later" }],
  ["pm_card_authenticationRequired", { outcome: "challenge" }],
  ["pm_card_threeDSecure2Required", { outcome: "challenge" }],
  ["pm_card_chargeDeclined", declined("card_declined", "generic_decline")],
  [
    "pm_card_chargeDeclinedInsufficientFunds",
    declined("card_declined", "insufficient_funds", "Your card has insufficient funds."),
  ],
  ["pm_card_chargeDeclinedLostCard", declined("card_declined", "lost_card")],
  ["pm_card_chargeDeclinedStolenCard", declined("card_declined", "stolen_card")],
  ["pm_card_chargeDeclinedFraudulent", declined("card_declined", "fraudulent")],
  [
    "pm_card_chargeDeclinedExpiredCard",
    declined("expired_card", undefined, "Your card has expired."),
  ],
  [
    "pm_card_chargeDeclinedIncorrectCvc",
    declined("incorrect_cvc", undefined, "Your card's security code is incorrect."),
  ],
  [
    "pm_card_chargeDeclinedProcessingError",
    declined("processing_error", undefined, "An error occurred while processing your card."),
  ],
]);

function declined(
  code: string,
  declineCode?: string,
  message = "Your card was declined.",
): TestCard {
  return {
    outcome: "declined",
    code,
    message,
    ...(declineCode === undefined ? {} : { declineCode }),
  };
}
