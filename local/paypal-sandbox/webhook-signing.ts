import type { KeyObject } from "node:crypto";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomInt,
  randomUUID,
  sign,
} from "node:crypto";
import { crc32 } from "node:zlib";

import { issueCertificate } from "./issue-certificate.ts";

export type WebhookSigning = {
  /** PEM, the one that signs first. */
  chain: string;
  /** Where `chain` is served. */
  certPath: string;
  /** The headers of a delivery. */
  sign(payload: string, certUrl: string): Record<string, string>;
};

/** Signs as PayPal does: with an RSA key whose certificate is to be fetched, under a root that the receiver knows beforehand. */
export function createWebhookSigning(options: {
  /** base64 of PKCS#8, Ed25519. */
  authorityKey: string;
  webhookId: string;
}): WebhookSigning {
  const authority = readKey(options.authorityKey);
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const serial = randomInt(2, 2 ** 40);
  const leaf = issueCertificate({
    subject: "messageverificationcerts.paypal.example",
    publicKey,
    issuer: { subject: rootName, privateKey: authority },
    serial,
    validFrom: new Date(Date.now() - dayMs),
    validTo: new Date(Date.now() + 365 * dayMs),
    isAuthority: false,
  });
  return {
    chain: leaf + issueRoot(options.authorityKey),
    certPath: `/v1/notifications/certs/CERT-${serial.toString(16)}`,
    sign(payload, certUrl) {
      const id = randomUUID();
      const time = new Date().toISOString();
      const signed = `${id}|${time}|${options.webhookId}|${crc32(payload)}`;
      return {
        "paypal-transmission-id": id,
        "paypal-transmission-time": time,
        "paypal-transmission-sig": sign("RSA-SHA256", Buffer.from(signed), privateKey).toString(
          "base64",
        ),
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-cert-url": certUrl,
      };
    },
  };
}

/** The root certificate of a key: always the same, so that it can stand in a setting before anything runs. */
export function issueRoot(authorityKey: string): string {
  const privateKey = readKey(authorityKey);
  return issueCertificate({
    subject: rootName,
    publicKey: createPublicKey(privateKey),
    issuer: { subject: rootName, privateKey },
    serial: 1,
    validFrom: new Date("2026-01-01T00:00:00Z"),
    validTo: new Date("2049-12-31T23:59:59Z"),
    isAuthority: true,
  });
}

const rootName = "Fake root of the local PayPal sandbox";
const dayMs = 24 * 3_600_000;

function readKey(base64: string): KeyObject {
  const key = Buffer.from(base64, "base64");
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}
