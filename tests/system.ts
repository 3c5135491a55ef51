import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { webhookEventTypes } from "../adapters/stripe/news.ts";
import { prepareNamespace } from "../adapters/temporal/prepare-namespace.ts";
import { createBuyer } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { createTopics } from "../local/create-topics.ts";
import { createIdentityIssuer } from "../local/identity/create-identity-issuer.ts";
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
  secondApi: "api/main.ts",
  checkout: "workers/checkout/main.ts",
  payments: "workers/payments/main.ts",
  signIn: "workers/sign-in/main.ts",
  stripe: "local/stripe-sandbox/main.ts",
  paypal: "local/paypal-sandbox/main.ts",
  identity: "local/identity/main.ts",
  relay: "workers/outbox-relay.ts",
  purger: "workers/cdn-purger.ts",
  indexer: "search-indexer/main.ts",
  userBookings: "workers/user-bookings.ts",
  notifier: "workers/notifier/main.ts",
  waitingList: "workers/waiting-list/main.ts",
  inbox: "local/mail-inbox/main.ts",
} as const;

export type ProcessName = keyof typeof entries;

export type System = {
  database: TestDatabase;
  addresses: {
    api: string;
    /** The same API in a process of its own. */
    secondApi: string;
    stripe: string;
    paypal: string;
    identity: string;
    inbox: string;
    temporal: string;
  };
  namespace: string;
  /** Somebody whom the demo does not know: `subject` is what the issuer calls them. */
  signIn(subject: string): Promise<Buyer>;
  /** Holds a log file for each process, with all that it has said, and what the stand-ins keep. */
  folder: string;
  /** What the process says of itself: false when it is not there. */
  isReady(name: ProcessName): Promise<boolean>;
  /** A counter of the process, added up over its labels. */
  count(name: ProcessName, metric: string): Promise<number>;
  /** Undefined when the process has ended. */
  pid(name: ProcessName): number | undefined;
  /** SIGKILL: no goodbye. Resolves when the process is gone. */
  kill(name: ProcessName): Promise<void>;
  /** Starts a process that was killed, with other settings if wanted; resolves when it is ready. */
  start(name: ProcessName, settings?: Record<string, string>): Promise<void>;
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
  // What the sandboxes must not forget when they are killed.
  const folder = await mkdtemp(join(tmpdir(), "marquee-system-"));
  const running = new Map<ProcessName, ChildProcess>();

  async function end(name: ProcessName, signal: NodeJS.Signals): Promise<void> {
    const child = running.get(name);
    running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  async function close(): Promise<void> {
    await Promise.all([...running.keys()].map((name) => end(name, "SIGKILL")));
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const brokers = settings["KAFKA_BROKERS"] ?? serverAddress("KAFKA_BROKERS");
    const temporal = await prepareServers({ namespace, names, brokers });
    const keyFile = join(folder, "identity-key.json");
    const { environment, addresses, healthPorts } = await plan(database.url, namespace, {
      IDENTITY_KEY_FILE: keyFile,
      STRIPE_SANDBOX_JOURNAL: join(folder, "stripe.jsonl"),
      PAYPAL_SANDBOX_JOURNAL: join(folder, "paypal.jsonl"),
      MAIL_INBOX_FILE: join(folder, "mail.jsonl"),
      ...settings,
    });
    const logFile = (name: ProcessName) => join(folder, `${name}.log`);
    const start: System["start"] = async (name, changed = {}) => {
      const port = name === "secondApi" ? { API_PORT: new URL(addresses.secondApi).port } : {};
      const settled = { ...environment, ...port, ...changed };
      running.set(name, await launch(entries[name], settled, healthPorts[name], logFile(name)));
    };
    const starts = await Promise.allSettled(names.map((name) => start(name)));
    const failed = starts.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    return {
      database,
      addresses: { ...addresses, temporal },
      namespace,
      async signIn(subject) {
        const identity = { issuer: addresses.identity, audience: "marquee", keyFile };
        const { issue } = await createIdentityIssuer(identity);
        return createBuyer(addresses, { token: await issue({ sub: subject }), userId: subject });
      },
      folder,
      isReady: (name) => isReady(healthPorts[name]),
      count: (name, metric) => readCounter(healthPorts[name], metric),
      pid(name) {
        const child = running.get(name);
        return child?.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      kill: (name) => end(name, "SIGKILL"),
      start,
      close,
    };
  } catch (error) {
    await close();
    throw new Error(`${namespace} did not start`, { cause: error });
  }
}

async function isReady(healthPort: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${healthPort}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function readCounter(healthPort: number, metric: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

async function prepareServers(options: {
  namespace: string;
  names: ProcessName[];
  brokers: string;
}): Promise<string> {
  const { namespace, names, brokers } = options;
  const address = serverAddress("TEMPORAL_ADDRESS");
  await prepareNamespace({ address, namespace, keywords: searchAttributeNames });
  if (names.includes("relay")) await createTopics(brokers, `${namespace}.`);
  return address;
}

/** A schedule outlives its test: the namespace stays on the server. */
const noSchedules = {
  AUDIT_EVERY_SECONDS: "0",
  SWEEP_EVERY_SECONDS: "0",
  REMIND_EVERY_SECONDS: "0",
} as const;

async function plan(databaseUrl: string, namespace: string, settings: Record<string, string>) {
  const names = Object.keys(entries) as ProcessName[];
  const healthPorts = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort()] as const)),
  ) as Record<ProcessName, number>;
  const [api, secondApi, checkout, stripe, paypal, identity, inbox, smtp, signIn] =
    await Promise.all(Array.from({ length: 9 }, () => freePort()));
  const addresses = {
    api: `http://127.0.0.1:${api}`,
    secondApi: `http://127.0.0.1:${secondApi}`,
    stripe: `http://127.0.0.1:${stripe}`,
    paypal: `http://127.0.0.1:${paypal}`,
    identity: `http://127.0.0.1:${identity}`,
    inbox: `http://127.0.0.1:${inbox}`,
  };
  const environment = {
    ...process.env,
    ...localKeys,
    LOG_LEVEL: "warn",
    ...noSchedules,
    // Tests and benches are in more of a hurry than any buyer, and all at one address.
    RESERVES_PER_MINUTE: "1000000:10000000",
    JOINS_PER_MINUTE: "1000000:10000000",
    PAYMENTS_PER_MINUTE: "1000000:10000000",
    SEARCHES_PER_MINUTE: "10000000",
    SIGN_INS_PER_MINUTE: "10000000",
    CHALLENGE_AFTER: "1000000",
    DATABASE_URL: databaseUrl,
    TEMPORAL_NAMESPACE: namespace,
    API_PORT: String(api),
    PUBLIC_URL: addresses.api,
    CHECKOUT_PORT: String(checkout),
    CHECKOUT_ADDRESS: `127.0.0.1:${checkout}`,
    SIGN_IN_PORT: String(signIn),
    SIGN_IN_ADDRESS: `http://127.0.0.1:${signIn}`,
    ...{ STRIPE_API_URL: addresses.stripe, STRIPE_PAY_PAGE_URL: addresses.stripe },
    ...{ STRIPE_SANDBOX_PORT: String(stripe), PAYPAL_SANDBOX_PORT: String(paypal) },
    STRIPE_WEBHOOK_URL: `${addresses.api}/webhooks/stripe`,
    STRIPE_WEBHOOK_EVENTS: webhookEventTypes.join(","),
    PAYPAL_API_URL: addresses.paypal,
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
    SMS_URL: `${addresses.inbox}/sms`,
    MAIL_INBOX_PORT: String(inbox),
    KAFKA_TOPIC_PREFIX: `${namespace}.`,
    SEARCH_INDEX: namespace,
    ...settings,
  };
  return { environment, addresses, healthPorts };
}
