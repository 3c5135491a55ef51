import type { BookedPayment, BookedRefund } from "../../adapters/postgres/audit/booked-payments.ts";
import type { PaymentFact, ProviderEntry } from "../../domain/payment.ts";
import type { PromiseName } from "../../domain/violation.ts";

export type Difference = { promise: PromiseName; holds: string; what: string };

const known = "a provider has no money of ours that no row knows";
const moved = "money that a provider has set aside or taken is known here";
const taken = "money that is captured here is captured at the provider, as much of it";
const once = "a provider has given each refund once";
const same = "what has gone back here has gone back at the provider, as much of it";

/** What the comparison of two books can find. */
export const bookChecks: { promise: PromiseName; holds: string }[] = [
  { promise: "I2", holds: known },
  { promise: "I2", holds: moved },
  { promise: "I6", holds: taken },
  { promise: "I5", holds: once },
  { promise: "I6", holds: same },
];

type Said = Pick<PaymentFact, "status" | "amountMinor" | "currency">;

/** What the provider says of a payment against its row. A payment that is under way may differ. */
export function comparePayment(
  provider: string,
  row: BookedPayment | undefined,
  said: Said | "absent",
): Difference | undefined {
  const there =
    said === "absent" ? "nothing" : `${said.amountMinor} ${said.currency} ${said.status}`;
  const hasMoney =
    said !== "absent" && (said.status === "authorised" || said.status === "captured");
  if (row === undefined) {
    if (!hasMoney) return undefined;
    return {
      promise: "I2",
      holds: known,
      what: `${provider} has ${there}, and there is no payment`,
    };
  }
  if (!row.isSettled) return undefined;
  const here = `payment ${row.paymentId} is ${row.status} with ${row.capturedMinor} ${row.currency} captured, its booking ${row.bookingStatus}`;
  const what = `${here}; ${provider} has ${there}`;
  switch (row.status) {
    case "creating":
    case "open":
    case "declined":
    case "voided":
      return hasMoney ? { promise: "I2", holds: moved, what } : undefined;
    case "authorised":
      if (said !== "absent" && said.status === "authorised") return undefined;
      return { promise: "I2", holds: moved, what };
    case "captured":
    case "refunded": {
      const isSame =
        said !== "absent" &&
        said.status === "captured" &&
        said.amountMinor === row.capturedMinor &&
        said.currency === row.currency;
      return isSame ? undefined : { promise: "I6", holds: taken, what };
    }
  }
}

type RefundEntry = Extract<ProviderEntry, { kind: "refund" }>;

/** What the provider has done for a refund against its row. `given` are its refunds under that id, or under the provider's. */
export function compareRefund(
  provider: string,
  row: BookedRefund,
  given: readonly RefundEntry[],
): Difference | undefined {
  const live = given.filter(({ status }) => status !== "failed");
  const there = live.map(
    ({ amountMinor, currency, status }) => `${amountMinor} ${currency} ${status}`,
  );
  const here = `refund ${row.refundId} of ${row.amountMinor} ${row.currency} is ${row.status} in attempt ${row.attempt}`;
  const what = `${here}; ${provider} has ${there.join(" and ") || "nothing"}`;
  if (live.length > 1 || (live.length === 1 && row.status === "settled")) {
    return { promise: "I5", holds: once, what };
  }
  const [only] = live;
  if (only === undefined) {
    const isMissing = row.status === "succeeded" && row.isSettled;
    return isMissing ? { promise: "I6", holds: same, what } : undefined;
  }
  const isSame = only.amountMinor === row.amountMinor && only.currency === row.currency;
  return isSame ? undefined : { promise: "I6", holds: same, what };
}

/** Money that went back without a row. */
export function unknownRefund(provider: string, refund: RefundEntry): Difference {
  const { amountMinor, currency, providerRefundId, providerPaymentId } = refund;
  const what = `${provider} has given back ${amountMinor} ${currency} of ${providerPaymentId} (${providerRefundId}), and no refund knows of it`;
  return { promise: "I6", holds: same, what };
}
