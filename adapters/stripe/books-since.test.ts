import { afterAll, beforeAll, expect, test } from "@jest/globals";

import type { ProviderEntry } from "../../domain/payment.ts";
import { startStripeShop } from "../../tests/stripe-shop.ts";
import type { StripeShop } from "../../tests/stripe-shop.ts";

let shop: StripeShop;
beforeAll(async () => {
  shop = await startStripeShop();
});
afterAll(() => shop.close());

async function books(sinceMs: number): Promise<ProviderEntry[]> {
  const entries: ProviderEntry[] = [];
  for await (const entry of shop.provider().booksSince(sinceMs)) entries.push(entry);
  return entries;
}

test("payments and refunds are listed as they stand; what somebody else does with the account is left out", async () => {
  const before = Date.now() - 1_000;
  const set = await shop.authorised();
  const taken = await shop.captured();
  const order = { refundId: set.paymentId, attempt: 1, amountMinor: 200 };
  const { providerRefundId } = await shop.provider().refund(taken, order);
  await fetch(`${shop.apiUrl}/v1/payment_intents`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.secretKey}` },
    body: new URLSearchParams({ amount: "700", currency: "gbp" }),
  });

  const listed = ({ paymentId, bookingId, showId, providerPaymentId }: typeof set) => ({
    ...{ kind: "payment", paymentId, bookingId, showId, providerPaymentId },
    ...{ amountMinor: 2_200, currency: "GBP" },
  });
  expect(await books(before)).toEqual([
    { ...listed(taken), status: "captured" },
    { ...listed(set), status: "authorised" },
    {
      kind: "refund",
      providerPaymentId: taken.providerPaymentId,
      providerRefundId,
      ours: { refundId: order.refundId, showId: taken.showId, bookingId: taken.bookingId },
      status: "succeeded",
      amountMinor: 200,
      currency: "GBP",
    },
  ]);
  expect(await books(Date.now() + 5_000)).toEqual([]);
});

test("a provider that stops answering in the middle has no books, rather than short ones", async () => {
  await shop.captured();
  await shop.control.fault({ route: "GET /v1/refunds", kind: "500", times: 10 });
  await expect(books(0)).rejects.toMatchObject({ code: "PAYMENT_PROVIDER_UNAVAILABLE" });
});
