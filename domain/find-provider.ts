import { DomainError } from "./errors.ts";
import type { PaymentProvider, PaymentProviderName } from "./payment.ts";

/**
 * The provider of a payment. Throws `PAYMENT_PROVIDER_UNAVAILABLE` for one that is not offered any more: nobody knows how its
 * payments stand until its account is named again.
 */
export function findProvider(
  providers: Record<PaymentProviderName, PaymentProvider | undefined>,
  name: PaymentProviderName,
): PaymentProvider {
  const known = providers[name];
  if (known === undefined) {
    throw new DomainError("PAYMENT_PROVIDER_UNAVAILABLE", { provider: name });
  }
  return known;
}
