import { DomainError } from "../../domain/errors.ts";
import { verifySignature } from "../../platform/verify-signature.ts";
import type { VerifyBounceReport } from "./routes/mail-bounces.ts";

/** undefined without a secret: then there is nothing at the address. */
export function createBounceVerifier(secret: string | undefined): VerifyBounceReport | undefined {
  if (secret === undefined) return undefined;
  return (rawBody, signature) => {
    const reason = verifySignature(rawBody, signature, { secret, nowMs: Date.now() });
    if (reason !== "good") throw new DomainError("WEBHOOK_SIGNATURE_INVALID", { reason });
  };
}
