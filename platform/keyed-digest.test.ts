import { createHmac, randomBytes } from "node:crypto";

import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { createKeyedDigest } from "./keyed-digest.ts";

test("it is HMAC-SHA-256, whatever the key and the text, one after the other", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 5 }),
      (key, texts) => {
        const digest = createKeyedDigest(key);
        for (const text of texts) {
          expect(digest(text)).toEqual(createHmac("sha256", key).update(text).digest());
        }
      },
    ),
  );
});

test("what is too long is refused, and not cut", () => {
  const digest = createKeyedDigest(randomBytes(32));
  expect(digest("x".repeat(1_000))).toHaveLength(32);
  expect(() => digest("é".repeat(501))).toThrow("too long");
  expect(() => createKeyedDigest(randomBytes(65))).toThrow("64 bytes");
});
