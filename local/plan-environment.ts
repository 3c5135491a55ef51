import { join } from "node:path";

import { webhookEventTypes } from "../adapters/stripe/news.ts";
import type { Addresses } from "./addresses.ts";
import { localKeys } from "./local-keys.ts";
import type { StartedServers } from "./start-servers.ts";

/** Settles the ports of the house and writes its settings. What the environment says already stays as it is. */
export async function planEnvironment(options: {
  servers: StartedServers["addresses"];
  port: (wanted: number) => Promise<number>;
  dataFolder: string;
}): Promise<{ environment: Record<string, string>; addresses: Addresses }> {
  const { servers, port, dataFolder } = options;
  const at = (name: string, number: number) => process.env[name] ?? `http://127.0.0.1:${number}`;
  const ports = {
    api: Number(process.env["API_PORT"] ?? (await port(4_000))),
    checkout: await port(4_010),
    stripe: await port(4_020),
    smtp: await port(4_025),
    inbox: await port(4_030),
    identity: await port(4_040),
    paypal: await port(4_050),
    signIn: await port(4_060),
  };
  const addresses = {
    api: at("PUBLIC_URL", ports.api),
    stripe: at("STRIPE_API_URL", ports.stripe),
    paypal: at("PAYPAL_API_URL", ports.paypal),
    inbox: at("MAIL_INBOX_URL", ports.inbox),
    identity: at("IDENTITY_ISSUER", ports.identity),
    temporal: servers.TEMPORAL_ADDRESS,
    temporalUi: servers.TEMPORAL_UI_URL ?? at("TEMPORAL_UI_URL", 8_233),
    database: servers.DATABASE_URL,
    redis: servers.REDIS_URL,
  };
  const planned: Record<string, string> = {
    ...localKeys,
    ...servers,
    LOG_LEVEL: "info",
    API_PORT: String(ports.api),
    PUBLIC_URL: addresses.api,
    SHOP_URL: `${addresses.api}/shows/{show}`,
    OFFER_URL: `${addresses.api}/bookings/{booking}`,
    CHECKOUT_PORT: String(ports.checkout),
    CHECKOUT_ADDRESS: `127.0.0.1:${ports.checkout}`,
    SIGN_IN_PORT: String(ports.signIn),
    SIGN_IN_ADDRESS: `http://127.0.0.1:${ports.signIn}`,
    STRIPE_API_URL: addresses.stripe,
    STRIPE_PAY_PAGE_URL: addresses.stripe,
    STRIPE_SANDBOX_PORT: String(ports.stripe),
    STRIPE_SANDBOX_JOURNAL: join(dataFolder, "stripe.jsonl"),
    STRIPE_WEBHOOK_URL: `http://127.0.0.1:${ports.api}/webhooks/stripe`,
    STRIPE_WEBHOOK_EVENTS: webhookEventTypes.join(","),
    PAYPAL_API_URL: addresses.paypal,
    PAYPAL_SANDBOX_PORT: String(ports.paypal),
    PAYPAL_SANDBOX_JOURNAL: join(dataFolder, "paypal.jsonl"),
    PAYPAL_WEBHOOK_URL: `http://127.0.0.1:${ports.api}/webhooks/paypal`,
    PAYPAL_WEBHOOK_CERT_URL: `${addresses.paypal}/v1/notifications/certs/`,
    PAYPAL_RETURN_URL: `${addresses.api}/checkout/paid`,
    PAYPAL_CANCEL_URL: `${addresses.api}/checkout/not-paid`,
    SMTP_PORT: String(ports.smtp),
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    SMS_URL: `${addresses.inbox}/sms`,
    MAIL_INBOX_PORT: String(ports.inbox),
    MAIL_INBOX_FILE: join(dataFolder, "mail.jsonl"),
    IDENTITY_PORT: String(ports.identity),
    IDENTITY_ISSUER: addresses.identity,
    IDENTITY_JWKS_URL: `${addresses.identity}/.well-known/jwks.json`,
    IDENTITY_AUDIENCE: "marquee",
    IDENTITY_KEY_FILE: join(dataFolder, "identity-key.json"),
  };
  const environment = Object.fromEntries(
    Object.entries(planned).map(([name, value]) => [name, process.env[name] ?? value]),
  );
  return { environment, addresses };
}
