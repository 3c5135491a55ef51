import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";

import { serve } from "@hono/node-server";
import Stripe from "stripe";

import { readPaypalEvent } from "../adapters/paypal/read-paypal-event.ts";
import { createWebhookCertificates } from "../adapters/paypal/webhook-certificates.ts";
import { changeHold } from "../adapters/postgres/change-hold.ts";
import {
  confirmBooking,
  extendHold,
  holdSeats,
  issueTickets,
  releaseBooking,
} from "../adapters/postgres/holds.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import type { RedisClient } from "../adapters/redis/create-redis.ts";
import { createLineStore } from "../adapters/redis/line.ts";
import { createCatalogueFollower } from "../adapters/redis/catalogue-feed.ts";
import { createSeatFollower, createSeatPublisher } from "../adapters/redis/seat-feed.ts";
import { createLimitCounts } from "../adapters/redis/limit-counts.ts";
import { createShowMetadata } from "../adapters/redis/show-metadata.ts";
import { createSeatLocks } from "../adapters/redis/seat-locks.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import type { StripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { readStripeEvent } from "../adapters/stripe/read-stripe-event.ts";
import type { Wallets } from "../adapters/wallet/offer-wallets.ts";
import { createTokenVerifier } from "../api/http/authenticate.ts";
import type { AdmissionLimits } from "../api/http/admit-requests.ts";
import { createApp } from "../api/http/create-app.ts";
import type { StreamLimits } from "../api/http/event-streams.ts";
import { createBounceVerifier } from "../api/http/verify-bounce-report.ts";
import { serveApp } from "../api/http/serve-app.ts";
import type { ServerLimits } from "../api/http/serve-app.ts";
import type { Storefront } from "../api/http/storefront/load-storefront.ts";
import { createPartners } from "../api/limits/partners.ts";
import { createProofOfWork } from "../api/limits/proof-of-work.ts";
import { createOperations } from "../api/operations/create-operations.ts";
import type { Clients } from "../api/operations/create-operations.ts";
import type { WebhookReaders } from "../api/http/routes/webhooks.ts";
import { DomainError } from "../domain/errors.ts";
import type { TellSeats } from "../domain/seat-news.ts";
import type { ShowChangeAnswer } from "../domain/show-change.ts";
import { createIdentityIssuer } from "../local/identity/create-identity-issuer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createStripeSandbox } from "../local/stripe-sandbox/create-stripe-sandbox.ts";
import { createLogger } from "../platform/logger.ts";
import { createMailIds } from "../platform/mail-ids.ts";
import { createSealing } from "../platform/sealing.ts";
import { createSlips } from "../platform/slips.ts";
import { createTicketLinks } from "../platform/ticket-links.ts";
import { createUnsubscribeSlips } from "../platform/unsubscribe-slips.ts";
import { createTicketSigning } from "../platform/ticket-signing.ts";
import type { TurnLimits } from "../platform/turns.ts";
import { createDatabase } from "./databases.ts";
import { eventually } from "./eventually.ts";
import { wideAskers } from "./wide-askers.ts";
import type { AskerChanges } from "./wide-askers.ts";

export type ReplacedClients = Partial<Omit<Clients, "checkouts">> & {
  checkouts?: Partial<Clients["checkouts"]>;
};
export type Edge = Awaited<ReturnType<typeof createEdge>>;

const issuer = "https://identity.test";
const audience = "marquee-test";

/**
 * The API with real PostgreSQL, Redis, tokens and Stripe's client, in this process. Only the checkout service is replaced: the
 * same statements, without a workflow around them. `replaced` takes the place of any client.
 */
export async function createEdge(
  { checkouts, ...replaced }: ReplacedClients = {},
  settings: EdgeSettings = {},
) {
  const { redisUrl, graceSeconds = 120, paymentsPerSecondMax = 1_000 } = settings;
  const database = await createDatabase();
  const db = database.pool;
  const { identity, jwksUrl, closeIdentity } = await startIdentity();
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = localKeys;
  const sandbox = createStripeSandbox({ secretKey, webhookSecret });
  const stripeUrl = await sandbox.listen();
  const stripe = createStripeProvider({ apiUrl: stripeUrl, secretKey });
  const { redis, feedRedis, closeRedis } = await connectRedis(redisUrl);
  const logger = createLogger("edge-test", "silent");
  const links = createTicketLinks(localKeys.LINK_KEY);

  const { latenessMs = () => 0 } = settings;
  const own = { db, redis, feedRedis, providers: [stripe], latenessMs, logger };
  const clients = edgeClients(own);
  const { tellSeats } = clients;
  Object.assign(clients, replaced);
  Object.assign(clients.checkouts, checkouts);
  const operations = createOperations(clients, {
    ...{ graceSeconds, paymentsPerSecondMax, holdLimits: settings.holdLimits },
    askers: wideAskers(settings),
  });
  operations.lines.run();
  operations.lineDemand.run();
  // As a process that is ready: until then nobody knows which shows have lines. A database of the test's own may need the edge first.
  if (replaced.db === undefined) await eventually(async () => operations.lines.isReady());
  const app = createApp({
    ...{ operations, logger },
    ticketLinks: links,
    wallets: { apple: undefined, google: undefined },
    verifyToken: createTokenVerifier({ audience, issuers: [{ issuer, jwksUrl }] }),
    readUnsubscribeSlip: createUnsubscribeSlips(localKeys.LINK_KEY).read,
    verifyBounceReport: createBounceVerifier(localKeys.BOUNCE_SECRET),
    ...webhookReaders(stripe),
    isReady: async () => (await db.query("select 1")).rowCount === 1,
    ...{ publicUrl: "https://tickets.test", trustedProxies: 1 },
    ...{ ...settings, latenessMs },
    partners: createPartners(settings.partners ?? ""),
  });
  const { listen, lookInto, closeServer } = listener(app, settings.serverLimits);
  return {
    ...{ app, database, tellSeats, identity, links, stripeUrl, lines: operations.lines },
    /** Somebody new, signed in. */
    async signIn(userId: string = randomUUID(), roles: string[] = []) {
      const token = await identity.issue({ sub: userId, roles });
      return { userId, headers: { authorization: `Bearer ${token}` } };
    },
    /** Sends JSON when there is a body; `raw` goes out as it is. */
    send: (method: string, path: string, request: EdgeRequest = {}) =>
      send(app, method, path, request),
    signWebhook,
    ...{ listen, lookInto },
    async close() {
      operations.seatViews.close();
      await operations.lineDemand.close();
      await operations.lines.close();
      closeServer();
      closeRedis();
      await sandbox.close();
      await closeIdentity();
      await database.drop();
    },
  };
}

export type EdgeSettings = AskerChanges & {
  wallets?: Wallets;
  streamLimits?: StreamLimits;
  shopUrl?: string;
  storefront?: Storefront | undefined;
  admissionLimits?: AdmissionLimits;
  serverLimits?: ServerLimits;
  holdLimits?: TurnLimits;
  /** Without this the process is never late: a busy machine is not what tests look at. */
  latenessMs?: () => number;
  redisUrl?: string;
  graceSeconds?: number;
  paymentsPerSecondMax?: number;
  /** As in the setting PARTNERS. */
  partners?: string;
};

function edgeClients(
  own: Pick<Clients, "db" | "providers" | "latenessMs" | "logger"> & {
    redis: RedisClient;
    feedRedis: RedisClient;
  },
): Clients {
  const { redis, feedRedis, ...clients } = own;
  const slips = createSlips(localKeys.PASS_KEY);
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const tellSeats = createSeatPublisher(redis);
  return {
    ...clients,
    seatLocks: createSeatLocks(redis),
    tellSeats,
    ...{ seatFollower: createSeatFollower(feedRedis), lineStore: createLineStore(redis) },
    showMetadata: createShowMetadata(redis),
    catalogueFollower: createCatalogueFollower(feedRedis),
    limitCount: createLimitCounts(redis, sealing.digest),
    checkouts: checkoutsWithoutWorkflow(clients.db, tellSeats),
    index: { search: rejectSearch, suggest: rejectSearch },
    sealing,
    signing: createTicketSigning(localKeys.TICKET_KEYS),
    ...{ slips, challenge: createProofOfWork({ slips, bits: 8 }) },
    mailIds: createMailIds(localKeys.LINK_KEY),
  };
}

async function connectRedis(redisUrl = process.env["REDIS_URL"]) {
  const connect = () =>
    createRedis({
      redisUrl: redisUrl ?? "redis://127.0.0.1:1",
      component: "edge-test",
      onError: () => undefined,
    });
  const [redis, feedRedis] = [connect(), connect()];
  // They refuse commands until they are connected, and then every lock would be unknown.
  if (redisUrl !== undefined) {
    await eventually(async () => redis.status === "ready" && feedRedis.status === "ready");
  }
  return {
    ...{ redis, feedRedis },
    closeRedis() {
      redis.disconnect();
      feedRedis.disconnect();
    },
  };
}

function listener(app: ReturnType<typeof createApp>, limits: ServerLimits | undefined) {
  let served: ReturnType<typeof serveApp> | undefined;
  /** Serves the app as in production, for what only Node's own server can do. Returns the address. */
  async function listen(): Promise<string> {
    served ??= serveApp(app, { hostname: "127.0.0.1", port: 0 }, limits);
    return `http://127.0.0.1:${(await served).port}`;
  }
  return {
    listen,
    /** Begins to read a stream that has no end, and leaves. */
    async lookInto(path: string, headers: Record<string, string>): Promise<EdgeAnswer> {
      const response = await fetch(`${await listen()}${path}`, { headers });
      await response.body?.cancel();
      return { status: response.status, headers: response.headers, body: {}, text: "" };
    },
    closeServer: () => void served?.then(({ close }) => close()),
  };
}

export type EdgeRequest = {
  json?: unknown;
  raw?: RequestInit["body"];
  headers?: Record<string, string>;
};

export type EdgeAnswer = {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { code?: string };
  text: string;
};

function webhookReaders(stripe: StripeProvider): WebhookReaders {
  const webhookSecret = localKeys.STRIPE_WEBHOOK_SECRET;
  return {
    readStripeWebhook: (rawBody, signature) =>
      readStripeEvent(rawBody, signature, { webhookSecret, stripe }),
    readPaypalWebhook: (rawBody, headers) => readPaypalEvent(rawBody, headers, paypalWebhooks),
  };
}

/** Nobody here signs for PayPal. */
const paypalWebhooks = {
  webhookId: localKeys.PAYPAL_WEBHOOK_ID,
  certificates: createWebhookCertificates({
    certUrl: "http://127.0.0.1:1/",
    roots: localKeys.PAYPAL_WEBHOOK_ROOTS,
  }),
};

const jsonType = { "content-type": "application/json" };

async function send(
  app: Pick<ReturnType<typeof createApp>, "request">,
  method: string,
  path: string,
  { json, raw, headers = {} }: EdgeRequest,
): Promise<EdgeAnswer> {
  const response = await app.request(path, {
    method,
    headers: { ...(json !== undefined && jsonType), ...headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(raw !== undefined && { body: raw, duplex: "half" }),
  });
  const text = await response.text();
  const isJson = text !== "" && response.headers.get("content-type")?.includes("json") === true;
  const body = (isJson ? JSON.parse(text) : {}) as EdgeAnswer["body"];
  return { status: response.status, headers: response.headers, body, text };
}

function signWebhook(payload: string): string {
  const secret = localKeys.STRIPE_WEBHOOK_SECRET;
  return Stripe.webhooks.generateTestHeaderString({ payload, secret });
}

async function startIdentity() {
  const identity = await createIdentityIssuer({ issuer, audience });
  const server = serve({ fetch: identity.app.fetch, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    identity,
    jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    closeIdentity: promisify(server.close.bind(server)),
  };
}

async function rejectSearch(): Promise<never> {
  throw new DomainError("SEARCH_UNAVAILABLE");
}

const askedChange: ShowChangeAnswer = {
  ...{ outcome: "there", phase: "awaiting_approval", code: "4f2a9c", askedBy: null, result: null },
  ...{ startsAt: null, refundUntil: null, survey: null, progress: null },
};

function checkoutsWithoutWorkflow(db: Clients["db"], tellSeats: TellSeats): Clients["checkouts"] {
  return {
    reserve: (request) =>
      holdSeats(db, { ...request, holdSeconds: 600, graceSeconds: 120 }, tellSeats),
    async deliverPaymentFact(fact) {
      if (fact.status !== "authorised") return "heard";
      const confirmed = await confirmBooking(db, fact, tellSeats);
      if (confirmed.outcome !== "confirmed") return "heard";
      await issueTickets(db, { ...fact, capturedMinor: fact.amountMinor });
      return "heard";
    },
    async cancel(booking) {
      const released = await releaseBooking(
        db,
        {
          ...{ ...booking, status: "cancelled", reason: "buyer" },
          ...{ paymentsSettled: true, confirmedToo: false },
        },
        tellSeats,
      );
      return released.outcome === "released" ? "cancelled" : "too_late";
    },
    extend: (wish) => extendHold(db, { ...wish, seconds: 300, secondsMax: 1_200 }, tellSeats),
    changeSeats: (change) => changeHold(db, { ...change, graceSeconds: 120 }, tellSeats),
    driveRefund: async () => undefined,
    // Changes of whole shows are tested with their workflows.
    showChanges: {
      start: async () => askedChange,
      read: async () => ({ outcome: "absent" }),
      decide: async () => askedChange,
      call: async () => askedChange,
    },
  };
}
