import type { KeyObject } from "node:crypto";
import { X509Certificate } from "node:crypto";

import { DomainError } from "../../domain/errors.ts";
import { PaypalError, unavailable } from "./paypal-errors.ts";

/** The keys that PayPal signs events with. Each event names the address of its certificate. */
export type WebhookCertificates = {
  /** Throws `WEBHOOK_SIGNATURE_INVALID`, or `PAYMENT_PROVIDER_UNAVAILABLE` when the certificate could not be had this time. */
  keyOf(certUrl: string): Promise<KeyObject>;
};

type Options = {
  /** The address under which PayPal keeps its certificates, with a slash at the end. Nothing is fetched from elsewhere. */
  certUrl: string;
  /** The roots that a certificate must lead to: base64 of DER, with commas in between. */
  roots: string;
  fetchMsMax?: number;
};

/** Fetches certificates, believes those that lead to a known root, and keeps them until they end. */
export function createWebhookCertificates(options: Options): WebhookCertificates {
  const roots = options.roots.split(",").map(readRoot);
  if (!options.certUrl.endsWith("/")) throw new Error("The address of certificates ends with /");
  const trusted = new Map<string, { key: KeyObject; validToMs: number }>();
  const fetching = new Map<string, Promise<KeyObject>>();

  async function fetchKey(url: string): Promise<KeyObject> {
    const pem = await fetchText(url, options.fetchMsMax ?? 3_000);
    const leaf = leadingToRoot(pem, roots);
    const [oldest] = trusted.keys();
    if (oldest !== undefined && trusted.size >= keptMax) trusted.delete(oldest);
    trusted.set(url, { key: leaf.publicKey, validToMs: Date.parse(leaf.validTo) });
    return leaf.publicKey;
  }

  return {
    async keyOf(certUrl) {
      if (!isOwn(certUrl, options.certUrl)) throw invalidWebhook("certificate address");
      const known = trusted.get(certUrl);
      if (known !== undefined && known.validToMs > Date.now()) return known.key;
      const underWay = fetching.get(certUrl);
      if (underWay !== undefined) return underWay;
      // Anybody can name an address that is PayPal's and leads to nothing.
      if (fetching.size >= fetchesMax) throw lost("too many certificates at once");
      const key = fetchKey(certUrl).finally(() => fetching.delete(certUrl));
      fetching.set(certUrl, key);
      return key;
    },
  };
}

export function invalidWebhook(reason: string, cause?: unknown): DomainError {
  return new DomainError("WEBHOOK_SIGNATURE_INVALID", { reason }, { cause });
}

function readRoot(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, "base64"));
  } catch (cause) {
    throw new Error("A root for PayPal's webhooks is not a certificate in DER", { cause });
  }
}

/** PayPal has one at a time, and two while it changes to the next. */
const keptMax = 8;
const fetchesMax = 4;
const bytesMax = 32 * 1_024;
const chainMax = 5;

/** Under the known address, and with nothing in it that could lead out of there again. */
function isOwn(certUrl: string, prefix: string): boolean {
  return certUrl.startsWith(prefix) && /^[\w-]{1,200}$/.test(certUrl.slice(prefix.length));
}

async function fetchText(url: string, fetchMsMax: number): Promise<string> {
  try {
    const signal = AbortSignal.timeout(fetchMsMax);
    const response = await fetch(url, { redirect: "error", signal });
    if (response.status >= 400 && response.status < 500 && response.status !== 429) {
      await response.body?.cancel();
      throw invalidWebhook("certificate unknown");
    }
    if (!response.ok || response.body === null) throw lost(`certificate ${response.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw invalidWebhook("certificate too large");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("latin1");
  } catch (error) {
    throw error instanceof DomainError ? error : lost("certificate not fetched");
  }
}

/** The certificate that signs, if every step from it to a known root holds today. */
function leadingToRoot(pem: string, roots: X509Certificate[]): X509Certificate {
  const [leaf, ...others] = readChain(pem);
  if (leaf === undefined) throw invalidWebhook("certificate missing");
  let current = leaf;
  for (let step = 0; step < chainMax; step += 1) {
    assertInTime(current);
    const root = roots.find((candidate) => isIssuedBy(current, candidate));
    if (root !== undefined) {
      assertInTime(root);
      return leaf;
    }
    const issuer = others.find((candidate) => isIssuedBy(current, candidate));
    if (issuer === undefined) break;
    current = issuer;
  }
  throw invalidWebhook("certificate issuer");
}

function readChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.slice(0, chainMax).map((block) => new X509Certificate(block));
  } catch (cause) {
    throw invalidWebhook("certificate unreadable", cause);
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function assertInTime({ validFrom, validTo }: X509Certificate): void {
  const now = Date.now();
  if (Date.parse(validFrom) <= now && now < Date.parse(validTo)) return;
  throw invalidWebhook("certificate out of time");
}

function lost(what: string): DomainError {
  return unavailable(new PaypalError(undefined, what));
}
