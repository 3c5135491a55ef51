import { formatMoney } from "../domain/format-money.ts";
import type { HeldSeats } from "../domain/hold.ts";
import type { PaymentFact } from "../domain/payment.ts";
import type { CheckoutResult } from "./contract.ts";

/** What support reads about a checkout, in Markdown. Codes and numbers only: the details are stored in clear. */
export const sentences = {
  held: ({ totalMinor, currency, heldUntilMs }: HeldSeats) =>
    `Seats held until ${clock(heldUntilMs)} for ${formatMoney({ amountMinor: totalMinor, currency })}.`,
  changed: ({ seatIds = [], totalMinor, currency }: HeldSeats) =>
    `Changed to ${seatIds.join(", ")} for ${formatMoney({ amountMinor: totalMinor, currency })}.`,
  paid: ({ provider, paymentId }: PaymentFact) =>
    `Money set aside by ${provider}, payment \`${paymentId}\`. The seats are the buyer's.`,
  ended,
};

function ended(result: CheckoutResult): string {
  switch (result.outcome) {
    case "ticketed":
      return result.tickets === 1 ? "1 ticket issued." : `${result.tickets} tickets issued.`;
    case "refused":
      return `No seats were held: \`${[result.code, ...result.seatIds].join(" ")}\`.`;
    case "expired":
      return "Nobody paid in time. The seats are on sale again.";
    case "cancelled":
      return `Cancelled (\`${result.reason}\`). Seats and money went back.`;
  }
}

/** HH:MM:SS in UTC: a hold is shorter than a day. */
function clock(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(11, 19);
}
