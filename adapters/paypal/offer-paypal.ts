import type { PaymentProvider } from "../../domain/payment.ts";
import { optionalSettings } from "../../platform/optional-settings.ts";
import { createPaypalProvider } from "./create-paypal-provider.ts";
import type { PaypalCallLimits } from "./paypal-calls.ts";

type AccountSettings = {
  PAYPAL_API_URL: string;
  PAYPAL_CLIENT_ID?: string | undefined;
  PAYPAL_CLIENT_SECRET?: string | undefined;
  PAYPAL_RETURN_URL?: string | undefined;
  PAYPAL_CANCEL_URL?: string | undefined;
};

/** PayPal, where the environment has an account there; undefined without credentials. Throws for half an account. */
export function offerPaypal(
  config: AccountSettings,
  limits: Partial<PaypalCallLimits> = {},
): PaymentProvider | undefined {
  const account = optionalSettings(
    {
      PAYPAL_CLIENT_ID: config.PAYPAL_CLIENT_ID,
      PAYPAL_CLIENT_SECRET: config.PAYPAL_CLIENT_SECRET,
      PAYPAL_RETURN_URL: config.PAYPAL_RETURN_URL,
      PAYPAL_CANCEL_URL: config.PAYPAL_CANCEL_URL,
    },
    "PAYPAL_CLIENT_ID",
    "PAYPAL_CLIENT_SECRET",
  );
  if (account === undefined) return undefined;
  return createPaypalProvider({
    apiUrl: config.PAYPAL_API_URL,
    clientId: account.PAYPAL_CLIENT_ID,
    clientSecret: account.PAYPAL_CLIENT_SECRET,
    returnUrl: account.PAYPAL_RETURN_URL,
    cancelUrl: account.PAYPAL_CANCEL_URL,
    limits,
  });
}
