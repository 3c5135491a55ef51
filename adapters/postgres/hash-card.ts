import { createHash } from "node:crypto";

/**
 * What is kept of a card: fingerprints are long and random, so their digest needs no key, and with the show in it nobody can follow a
 * card from one show to the next. Empty for no card.
 */
export function hashCard(showId: string, fingerprint: string | undefined): Buffer {
  if (fingerprint === undefined) return Buffer.alloc(0);
  return createHash("sha256").update(`card ${showId} ${fingerprint}`).digest();
}
