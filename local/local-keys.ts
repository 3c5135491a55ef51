import { issueRoot } from "./paypal-sandbox/webhook-signing.ts";

/**
 * Keys for one machine, by the environment variable that each stands in for. Everybody can read them here, so they protect
 * nothing: production makes its own. They stay the same, so that what was sealed or signed yesterday opens today.
 */
const paypalAuthorityKey = fakeEd25519Key("marquee-local-fake-paypal-key");

export const localKeys = {
  SEALING_KEYS: `local-1:${fakeKey("marquee-local-fake-sealing-key")}`,
  DIGEST_KEY: fakeKey("marquee-local-fake-digest-key"),
  TICKET_KEYS: `local-1:${fakeEd25519Key("marquee-local-fake-ticket-key")}`,
  LINK_KEY: fakeKey("marquee-local-fake-link-key"),
  PASS_KEY: fakeKey("marquee-local-fake-pass-key"),
  SIGN_IN_KEY: fakeKey("marquee-local-fake-sign-in-key"),
  BOUNCE_SECRET: "marquee-local-fake-bounce-secret",
  STRIPE_SECRET_KEY: "sk_test_marquee_local_fake",
  STRIPE_WEBHOOK_SECRET: "whsec_marquee_local_fake_secret",
  PAYPAL_CLIENT_ID: "marquee-local-fake-client",
  PAYPAL_CLIENT_SECRET: "marquee-local-fake-client-secret",
  PAYPAL_WEBHOOK_ID: "WH-MARQUEE-LOCAL-FAKE",
  PAYPAL_WEBHOOK_ROOTS: derOf(issueRoot(paypalAuthorityKey)),
  PAYPAL_SANDBOX_AUTHORITY_KEY: paypalAuthorityKey,
} as const;

/** A certificate as one line. */
function derOf(pem: string): string {
  return pem.replaceAll(/-----.*-----|\n/g, "");
}

/** 32 bytes that say what they are. */
function fakeKey(text: string): string {
  return Buffer.from(text.padEnd(32, ".")).toString("base64");
}

/** PKCS#8 wraps an Ed25519 key in 16 bytes that are always the same. */
function fakeEd25519Key(text: string): string {
  const wrapping = Buffer.from("302e020100300506032b657004220420", "hex");
  return Buffer.concat([wrapping, Buffer.from(text.padEnd(32, "."))]).toString("base64");
}
