import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
} from "node:crypto";

/**
 * The one place where personal data is sealed and opened. Values are AES-256-GCM with the key's id in front, so that keys
 * rotate while old values stay readable; equality is a keyed digest. `context` names table, column and row, and is
 * authenticated: a sealed value moved elsewhere does not open.
 *
 * Layout of a sealed value: 1 byte length of the key id, key id, 12 bytes nonce, 16 bytes tag, ciphertext.
 */
export type Sealing = {
  seal(clear: string, context: string): Buffer;
  open(sealed: Buffer, context: string): string;
  /** A keyed digest: the same text gives the same bytes, and nothing else does. */
  digest(text: string): Buffer;
};

/** `sealingKeys` is `id:base64,id:base64`, newest first; `digestKey` is base64. Keys are 32 bytes. */
export function createSealing(sealingKeys: string, digestKey: string): Sealing {
  const keys = sealingKeys.split(",").map(parseKey);
  // As bytes it would be made a key at each digest, of which there are four in a join of a line: 14 µs instead of 3.
  const secret = createSecretKey(keyBytes(digestKey));
  const newest = keys[0];
  if (newest === undefined) throw new Error("SEALING_KEYS names no key");

  return {
    seal(clear, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", newest.bytes, nonce).setAAD(
        Buffer.from(context),
      );
      const body = Buffer.concat([cipher.update(clear, "utf8"), cipher.final()]);
      const id = Buffer.from(newest.id);
      return Buffer.concat([Buffer.of(id.length), id, nonce, cipher.getAuthTag(), body]);
    },

    open(sealed, context) {
      const idEnd = 1 + sealed.readUInt8(0);
      const id = sealed.toString("utf8", 1, idEnd);
      const key = keys.find((candidate) => candidate.id === id);
      if (key === undefined) throw new Error(`No sealing key ${id}`);
      const decipher = createDecipheriv(
        "aes-256-gcm",
        key.bytes,
        sealed.subarray(idEnd, idEnd + 12),
      )
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(idEnd + 12, idEnd + 28));
      return (
        decipher.update(sealed.subarray(idEnd + 28), undefined, "utf8") + decipher.final("utf8")
      );
    },

    digest(text) {
      return createHmac("sha256", secret).update(text).digest();
    },
  };
}

function parseKey(text: string): { id: string; bytes: Buffer } {
  const [id, encoded] = text.split(":");
  if (!id || !encoded) throw new Error("A sealing key is written id:base64");
  return { id, bytes: keyBytes(encoded) };
}

function keyBytes(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length !== 32) throw new Error("A key must be 32 bytes in base64");
  return bytes;
}
