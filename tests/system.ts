import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { createTopics } from "../local/create-topics.ts";
import { localKeys } from "../local/local-keys.ts";
import { searchAttributeNames } from "../workflows/search-attributes.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { freePort } from "./free-port.ts";
import { launch } from "./launch.ts";
import { serverAddress } from "./server-address.ts";

/** The processes that sell, by entry file; each is started as in production. */
const entries = {
  api: "api/main.ts",
  checkout: "workers/checkout/main.ts",
  payments: "workers/payments.ts",
  stripe: "local/stripe-sandbox/main.ts",
  paypal: "local/paypal-sandbox/main.ts",
  identity: "local/identity/main.ts",
  relay: "workers/outbox-relay.ts",
  indexer: "search-indexer/main.ts",
  notifier: "workers/notifier.ts",
  inbox: "local/mail-inbox/main.ts",
} as const;

export type ProcessName = keyof typeof entries;

export type System = {
  database: TestDatabase;
  addresses: {
    api: string;
    stripe: string;
    paypal: string;
    identity: string;
    inbox: string;
    temporal: string;
  };
  namespace: string;
  /** SIGKILL: no goodbye. Resolves when the process is gone. */
  kill(name: ProcessName): Promise<void>;
  /** Starts a process that was killed; resolves when it is ready. */
  start(name: ProcessName): Promise<void>;
  /** Stops everything and drops the database. */
  close(): Promise<void>;
};

/** A whole Marquee of its own on free ports, with its own database and Temporal namespace, on the servers of the run. */
export async function startSystem(
  names: ProcessName[],
  settings: Record<string, string> = {},
): Promise<System> {
  const database = await createDatabase();
  const namespace = `test-${database.url.split("_").at(-1) ?? ""}`;
  const temporal = serverAddress("TEMPORAL_ADDRESS");
  await prepareNamespace({ address: temporal, namespace, keywords: searchAttributeNames });

  // What the sandboxes must not forget when they are killed.
  const folder = await mkdtemp(join(tmpdir(), "marquee-system-"));
  if (names.includes("relay")) await createTopics(serverAddress("KAFKA_BROKERS"), `${namespace}.`);
  const { environment, addresses, healthPorts } = await plan(database.url, namespace, {
    STRIPE_SANDBOX_JOURNAL: join(folder, "stripe.jsonl"),
    PAYPAL_SANDBOX_JOURNAL: join(folder, "paypal.jsonl"),
    MAIL_INBOX_FILE: join(folder, "mail.jsonl"),
    ...settings,
  });
  const running = new Map<ProcessName, ChildProcess>();

  async function start(name: ProcessName): Promise<void> {
    running.set(name, await launch(entries[name], environment, healthPorts[name]));
  }

  async function end(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  const starts = await Promise.allSettled(names.map(start));
  const failed = starts.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await Promise.all(names.map((name) => end(name, "SIGKILL")));
    throw failed.reason;
  }
  return {
    database,
    addresses: { ...addresses, temporal },
    namespace,
    kill: (name) => end(name, "SIGKILL"),
    start,
    async close() {
      await Promise.all([...running.keys()].map((name) => end(name, "SIGKILL")));
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function plan(databaseUrl: string, namespace: string, settings: Record<string, string>) {
  const names = Object.keys(entries) as ProcessName[];
  const healthPorts = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
  ) as Record<ProcessName, number>;
  const [api, checkout, stripe, paypal, identity, inbox, smtp] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const addresses = {
    api: `http://127.0.0.1:${api}`,
    stripe: `http://127.0.0.1:${stripe}`,
    paypal: `http://127.0.0.1:${paypal}`,
    identity: `http://127.0.0.1:${identity}`,
    inbox: `http://127.0.0.1:${inbox}`,
  };
  const environment = {
    ...process.env,
    ...localKeys,
    LOG_LEVEL: "warn",
    DATABASE_URL: databaseUrl,
    TEMPORAL_NAMESPACE: namespace,
    API_PORT: String(api),
    PUBLIC_URL: addresses.api,
    CHECKOUT_PORT: String(checkout),
    CHECKOUT_ADDRESS: `127.0.0.1:${checkout}`,
    STRIPE_API_URL: addresses.stripe,
    STRIPE_SANDBOX_PORT: String(stripe),
    STRIPE_WEBHOOK_URL: `${addresses.api}/webhooks/stripe`,
    PAYPAL_API_URL: addresses.paypal,
    PAYPAL_SANDBOX_PORT: String(paypal),
    PAYPAL_WEBHOOK_URL: `${addresses.api}/webhooks/paypal`,
    PAYPAL_WEBHOOK_CERT_URL: `${addresses.paypal}/v1/notifications/certs/`,
    PAYPAL_RETURN_URL: `${addresses.api}/checkout/paid`,
    PAYPAL_CANCEL_URL: `${addresses.api}/checkout/not-paid`,
    IDENTITY_PORT: String(identity),
    IDENTITY_ISSUER: addresses.identity,
    IDENTITY_JWKS_URL: `${addresses.identity}/.well-known/jwks.json`,
    IDENTITY_AUDIENCE: "marquee",
    SMTP_PORT: String(smtp),
    SMTP_URL: `smtp://127.0.0.1:${smtp}`,
    MAIL_INBOX_PORT: String(inbox),
    KAFKA_TOPIC_PREFIX: `${namespace}.`,
    SEARCH_INDEX: namespace,
    ...settings,
  };
  return { environment, addresses, healthPorts };
}
