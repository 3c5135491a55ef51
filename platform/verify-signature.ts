import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Whether `t=<seconds>,v1=<hex>` is a signature of these bytes: HMAC-SHA-256 with the secret, of the seconds, a dot and the bytes as
 * they came. Says why it is none. One older than five minutes is none, and one from the future would stay good for ever.
 */
export function verifySignature(
  rawBody: Uint8Array,
  header: string | undefined,
  { secret, nowMs }: { secret: string; nowMs: number },
): "good" | "missing" | "signature" | "time" {
  if (header === undefined) return "missing";
  const [, seconds = "", given = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const wanted = createHmac("sha256", secret).update(`${seconds}.`).update(rawBody).digest();
  const bytes = Buffer.from(given, "hex");
  if (bytes.length !== wanted.length || !timingSafeEqual(bytes, wanted)) return "signature";
  const isNow = Math.abs(nowMs / 1_000 - Number(seconds)) <= toleranceSeconds;
  return isNow ? "good" : "time";
}

const toleranceSeconds = 300;
