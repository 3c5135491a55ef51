import { verify } from "node:crypto";
import { crc32 } from "node:zlib";

import { z } from "zod";

import type { ProviderNews, ProviderPaymentStatus } from "../../domain/payment.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { readCustomId, readRefundInvoiceId } from "./payment-identity.ts";
import type { WebhookCertificates } from "./webhook-certificates.ts";
import { invalidWebhook } from "./webhook-certificates.ts";

/**
 * Reads a webhook of PayPal's. The signature covers the bytes as they came, so the body must not have been parsed on its way. It
 * names no time until which it counts: that an event counts once is up to whoever keeps event ids. `ignored` is a true event that
 * says nothing about a payment of ours.
 */
export async function readPaypalEvent(
  rawBody: Uint8Array,
  headers: Pick<Headers, "get">,
  options: {
    /** PayPal's id of this webhook. It is part of what is signed, so an event of another account or mode does not pass. */
    webhookId: string;
    certificates: WebhookCertificates;
  },
): Promise<ProviderNews | "ignored"> {
  await assertSigned(rawBody, headers, options);
  const parsed = envelope.safeParse(parse(rawBody));
  if (!parsed.success) return "ignored";
  const { id, event_type: type, resource } = parsed.data;
  return readers.get(type)?.(id, resource) ?? "ignored";
}

async function assertSigned(
  rawBody: Uint8Array,
  headers: Pick<Headers, "get">,
  { webhookId, certificates }: Parameters<typeof readPaypalEvent>[2],
): Promise<void> {
  const [id, time, signature, certUrl, algorithm] = [
    "paypal-transmission-id",
    "paypal-transmission-time",
    "paypal-transmission-sig",
    "paypal-cert-url",
    "paypal-auth-algo",
  ].map((name) => headers.get(name) ?? "");
  if (!id || !time || !signature || !certUrl) throw invalidWebhook("missing");
  if (algorithm !== "SHA256withRSA") throw invalidWebhook("algorithm");
  const key = await certificates.keyOf(certUrl);
  if (key.asymmetricKeyType !== "rsa") throw invalidWebhook("algorithm");
  const signed = Buffer.from(`${id}|${time}|${webhookId}|${crc32(rawBody)}`);
  const isGood = verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64"));
  if (!isGood) throw invalidWebhook("signature");
}

const envelope = z.object({
  id: z.string().min(1).max(255),
  event_type: z.string(),
  resource: z.unknown(),
});

type Read = (eventId: string, resource: unknown) => ProviderNews | undefined;

/** The event's resource is a picture of that moment. One that does not show what the event's name says is not news. */
const readers = new Map<string, Read>([
  ["CHECKOUT.ORDER.APPROVED", readApproval],
  ["PAYMENT.AUTHORIZATION.CREATED", readMoney("CREATED", "authorised")],
  ["PAYMENT.AUTHORIZATION.VOIDED", readMoney("VOIDED", "voided")],
  ["PAYMENT.CAPTURE.COMPLETED", readMoney("COMPLETED", "captured")],
  // Still set aside: it may yet be declined.
  ["PAYMENT.CAPTURE.PENDING", readMoney("PENDING", "authorised")],
  // The documentation knows it by both names.
  ["PAYMENT.CAPTURE.DENIED", readMoney("DECLINED", "voided")],
  ["PAYMENT.CAPTURE.DECLINED", readMoney("DECLINED", "voided")],
  ["PAYMENT.CAPTURE.REFUNDED", readRefund],
  ["CUSTOMER.DISPUTE.CREATED", readDispute(true)],
  ["CUSTOMER.DISPUTE.RESOLVED", readDispute(false)],
]);

const money = z.object({
  status: z.string(),
  custom_id: z.string(),
  amount: z.object({ currency_code: z.string(), value: z.string() }),
});

function readMoney(shown: string, status: ProviderPaymentStatus): Read {
  return (eventId, resource) => {
    const read = money.safeParse(resource);
    const identity = readCustomId(read.data?.custom_id);
    if (!read.success || identity === undefined || read.data.status !== shown) return undefined;
    const { isVoided: _, ...ids } = identity;
    const { currency_code: currencyCode, value } = read.data.amount;
    const amount = fromPaypalAmount({ currencyCode, value });
    return { kind: "payment", fact: { eventId, provider: "paypal", ...ids, status, ...amount } };
  };
}

const order = z.object({ purchase_units: z.array(z.object({ custom_id: z.string() })) });

function readApproval(eventId: string, resource: unknown): ProviderNews | undefined {
  const customId = order.safeParse(resource).data?.purchase_units[0]?.custom_id;
  const identity = readCustomId(customId);
  if (identity === undefined || identity.isVoided) return undefined;
  const { isVoided: _, ...ids } = identity;
  return { kind: "approval", eventId, provider: "paypal", ...ids };
}

const refund = z.object({ custom_id: z.string(), invoice_id: z.string() });

function readRefund(eventId: string, resource: unknown): ProviderNews | undefined {
  const { data } = refund.safeParse(resource);
  const identity = readCustomId(data?.custom_id);
  const made = readRefundInvoiceId(data?.invoice_id);
  if (identity === undefined || made === undefined) return undefined;
  const { isVoided: _, ...ids } = identity;
  return { kind: "refund", refundId: made.refundId, eventId, provider: "paypal", ...ids };
}

const dispute = z.object({
  disputed_transactions: z.array(z.object({ custom: z.string().optional() })),
});

function readDispute(isOpen: boolean): Read {
  return (eventId, resource) => {
    const disputed = dispute.safeParse(resource).data?.disputed_transactions ?? [];
    const identity = disputed.map(({ custom }) => readCustomId(custom)).find((ids) => ids);
    if (identity === undefined) return undefined;
    const { isVoided: _, ...ids } = identity;
    return { kind: "dispute", isOpen, eventId, provider: "paypal", ...ids };
  };
}

function parse(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(rawBody));
  } catch {
    return undefined;
  }
}
