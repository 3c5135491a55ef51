import type { PaymentWays } from "../../../web/storefront/page-data.ts";

/** How buyers pay by card: in Stripe's own form where its key is set, else on a page of the provider's, else not on our pages. */
export function cardWay(settings: {
  STRIPE_PUBLISHABLE_KEY?: string | undefined;
  STRIPE_PAY_PAGE_URL?: string | undefined;
}): PaymentWays["card"] {
  const { STRIPE_PUBLISHABLE_KEY: publishableKey, STRIPE_PAY_PAGE_URL: address } = settings;
  if (publishableKey !== undefined) return { kind: "form", publishableKey };
  return address === undefined ? undefined : { kind: "page", address: address.replace(/\/$/, "") };
}
