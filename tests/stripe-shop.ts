import { randomUUID } from "node:crypto";

import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import type { StripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import type { StripeCallLimits } from "../adapters/stripe/stripe-calls.ts";
import { DomainError } from "../domain/errors.ts";
import type { ProviderPaymentRef } from "../domain/payment.ts";
import { controlSandbox } from "../local/stripe-sandbox/control-sandbox.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { createStripeSandbox } from "../local/stripe-sandbox/create-stripe-sandbox.ts";

export type StripeShop = {
  apiUrl: string;
  secretKey: string;
  webhookSecret: string;
  control: SandboxControl;
  provider(limits?: Partial<StripeCallLimits>): StripeProvider;
  /** A payment whose money is set aside. */
  authorised(payment?: Partial<ProviderPaymentRef>, card?: string): Promise<ProviderPaymentRef>;
  captured(payment?: Partial<ProviderPaymentRef>, card?: string): Promise<ProviderPaymentRef>;
  /** As by hand, at the provider's dashboard. */
  captureByHand(intentId: string): Promise<void>;
  close(): Promise<void>;
};

/** The sandbox with Stripe's client before it, and buyers who pay. */
export async function startStripeShop(webhookUrl?: string): Promise<StripeShop> {
  const secretKey = "sk_test_marquee_unit";
  const webhookSecret = "whsec_marquee_unit";
  const sandbox = createStripeSandbox({ secretKey, webhookSecret, webhookUrl });
  const apiUrl = await sandbox.listen();
  const control = controlSandbox(apiUrl);

  function provider(limits: Partial<StripeCallLimits> = {}): StripeProvider {
    const patience = { silenceMsMax: 1_000, perSecondMax: 1_000, ...limits };
    return createStripeProvider({ apiUrl, secretKey, limits: patience });
  }
  const seller = provider();

  async function authorised(payment: Partial<ProviderPaymentRef> = {}, card?: string) {
    const wanted = { ...newPayment(), ...payment };
    const { providerPaymentId, clientSecret } = await seller.start(wanted);
    await control.pay(clientSecret, card);
    return { ...wanted, providerPaymentId };
  }
  return {
    apiUrl,
    secretKey,
    webhookSecret,
    control,
    provider,
    authorised,
    async captured(payment, card) {
      const paid = await authorised(payment, card);
      await seller.capture(paid);
      return paid;
    },
    async captureByHand(intentId) {
      await fetch(`${apiUrl}/v1/payment_intents/${intentId}/capture`, {
        method: "POST",
        headers: { authorization: `Bearer ${secretKey}` },
      });
    },
    close: () => sandbox.close(),
  };
}

export function newPayment(): ProviderPaymentRef {
  return {
    paymentId: randomUUID(),
    bookingId: randomUUID(),
    showId: randomUUID(),
    providerPaymentId: null,
    amountMinor: 2_200,
    currency: "GBP",
  };
}

/** The code that a call fails with, or what is wrong with it. */
export async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => "no error",
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}
