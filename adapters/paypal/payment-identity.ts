/** Ids of ours, plain UUIDs: they find our rows again and say nothing about anybody. */
export type PaymentIdentity = { paymentId: string; bookingId: string; showId: string };

/** PayPal keeps 127 characters of the caller's for each order and refund, and allows few signs in it. */
export function customIdOf({ paymentId, bookingId, showId }: PaymentIdentity): string {
  return [paymentId, bookingId, showId].join(".");
}

/** The same, and that no money is to be set aside for it any more. */
export function voidedCustomIdOf(identity: PaymentIdentity): string {
  return `${customIdOf(identity)}.void`;
}

/** Undefined when the text is not one of ours. */
export function readCustomId(
  text: string | undefined,
): (PaymentIdentity & { isVoided: boolean }) | undefined {
  const [paymentId, bookingId, showId, mark, ...rest] = (text ?? "").split(".");
  if (!isUuid(paymentId) || !isUuid(bookingId) || !isUuid(showId)) return undefined;
  if (rest.length > 0 || (mark !== undefined && mark !== "void")) return undefined;
  return { paymentId, bookingId, showId, isVoided: mark === "void" };
}

/** PayPal takes an invoice id of a refund once, for as long as it exists. */
export function refundInvoiceIdOf(order: { refundId: string; attempt: number }): string {
  return `${order.refundId}.${order.attempt}`;
}

export function readRefundInvoiceId(
  text: string | undefined,
): { refundId: string; attempt: number } | undefined {
  const [refundId, attempt, ...rest] = (text ?? "").split(".");
  if (!isUuid(refundId) || rest.length > 0 || !/^[1-9]\d{0,5}$/.test(attempt ?? "")) {
    return undefined;
  }
  return { refundId, attempt: Number(attempt) };
}

/** `<order>` until the money is taken, `<order>:<capture>` afterwards: PayPal forgets orders after some days, captures never. */
export function readProviderPaymentId(providerPaymentId: string): {
  orderId: string;
  captureId: string | undefined;
} {
  const [orderId = "", captureId] = providerPaymentId.split(":");
  return { orderId, captureId };
}

export function providerPaymentIdOf(orderId: string, captureId: string): string {
  return `${orderId}:${captureId}`;
}

function isUuid(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
