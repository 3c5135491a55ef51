import type { Money } from "../../../../domain/money.ts";
import type { PaymentWays } from "../../page-data.ts";
import type { Answer } from "./ask-api.ts";
import { askApi } from "./ask-api.ts";

export type StartedPayment = {
  provider: "stripe" | "paypal" | "free";
  status: string;
  amount: Money;
  clientSecret?: string;
  approvalUrl?: string;
};

/** While an attempt is open, the API returns the same one again: to repeat this asks for nothing twice. */
export function startPayment(
  bookingId: string,
  provider: "stripe" | "paypal" | undefined,
): Promise<Answer<StartedPayment>> {
  return askApi(`/v1/bookings/${bookingId}/payments`, {
    method: "POST",
    body: provider === undefined ? {} : { provider },
  });
}

/** Where the buyer pays; undefined: here. The secret stands behind the "#", which is sent to nobody. */
export function paymentPage(
  { clientSecret, approvalUrl }: StartedPayment,
  { card }: PaymentWays,
  backTo: string,
): string | undefined {
  if (approvalUrl !== undefined) return approvalUrl;
  if (clientSecret === undefined || card?.kind !== "page") return undefined;
  const intentId = clientSecret.split("_secret_")[0] ?? "";
  return `${card.address}/pay/${intentId}?${new URLSearchParams({ return: backTo })}#${clientSecret}`;
}
