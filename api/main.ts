import { createCheckoutClient } from "../adapters/checkout/create-checkout-client.ts";
import { createSearchIndex } from "../adapters/elasticsearch/create-search-index.ts";
import { offerPaypal } from "../adapters/paypal/offer-paypal.ts";
import { readPaypalEvent } from "../adapters/paypal/read-paypal-event.ts";
import { createWebhookCertificates } from "../adapters/paypal/webhook-certificates.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { createRedis } from "../adapters/redis/create-redis.ts";
import { createLineStore } from "../adapters/redis/line.ts";
import { createCatalogueFollower } from "../adapters/redis/catalogue-feed.ts";
import { createSeatFollower, createSeatPublisher } from "../adapters/redis/seat-feed.ts";
import { createShowMetadata } from "../adapters/redis/show-metadata.ts";
import { createSeatLocks } from "../adapters/redis/seat-locks.ts";
import { createLimitCounts } from "../adapters/redis/limit-counts.ts";
import { createSignInClient } from "../adapters/sign-in/create-sign-in-client.ts";
import { signInKeysPath } from "../adapters/sign-in/messages.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { readStripeEvent } from "../adapters/stripe/read-stripe-event.ts";
import { createTurnstile } from "../adapters/turnstile/create-turnstile.ts";
import { offerWallets } from "../adapters/wallet/offer-wallets.ts";
import { readConfig } from "../platform/config.ts";
import { runUntilSignal } from "../platform/lifecycle.ts";
import { createLogger } from "../platform/logger.ts";
import { optionalSettings } from "../platform/optional-settings.ts";
import { createSealing } from "../platform/sealing.ts";
import { createMailIds } from "../platform/mail-ids.ts";
import { createSlips } from "../platform/slips.ts";
import { createTicketLinks } from "../platform/ticket-links.ts";
import { createUnsubscribeSlips } from "../platform/unsubscribe-slips.ts";
import { createTicketSigning } from "../platform/ticket-signing.ts";
import { watchLateness } from "../platform/watch-lateness.ts";
import { createBounceVerifier } from "./http/verify-bounce-report.ts";
import { createTokenVerifier } from "./http/authenticate.ts";
import type { Issuer } from "./http/authenticate.ts";
import { createApp } from "./http/create-app.ts";
import { serveApp } from "./http/serve-app.ts";
import { cardWay } from "./http/storefront/card-way.ts";
import { loadStorefront } from "./http/storefront/load-storefront.ts";
import { createProofOfWork } from "./limits/proof-of-work.ts";
import { createPartners } from "./limits/partners.ts";
import { createOperations } from "./operations/create-operations.ts";

const config = readConfig(
  "DATABASE_URL",
  "REDIS_URL",
  "ELASTICSEARCH_URL",
  "SEARCH_INDEX",
  "CHECKOUT_ADDRESS",
  "API_PORT",
  "PUBLIC_URL",
  "SHOP_URL",
  "LISTEN_HOST",
  "TRUSTED_PROXIES",
  "HEALTH_PORT",
  "LOG_LEVEL",
  "STRIPE_API_URL",
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_PAY_PAGE_URL",
  "STRIPE_CALLS_PER_SECOND",
  "STRIPE_WEBHOOK_SECRET",
  "PAYPAL_API_URL",
  "PAYPAL_CLIENT_ID",
  "PAYPAL_CLIENT_SECRET",
  "PAYPAL_WEBHOOK_ID",
  "PAYPAL_WEBHOOK_CERT_URL",
  "PAYPAL_WEBHOOK_ROOTS",
  "PAYPAL_RETURN_URL",
  "PAYPAL_CANCEL_URL",
  "IDENTITY_ISSUER",
  "IDENTITY_JWKS_URL",
  "IDENTITY_AUDIENCE",
  "SIGN_IN_ADDRESS",
  "SEALING_KEYS",
  "DIGEST_KEY",
  "TICKET_KEYS",
  "LINK_KEY",
  "APPLE_PASS_TYPE_ID",
  "APPLE_TEAM_ID",
  "APPLE_PASS_CERTIFICATE",
  "APPLE_PASS_KEY",
  "APPLE_INTERMEDIATE_CERTIFICATE",
  "GOOGLE_WALLET_ISSUER_ID",
  "GOOGLE_WALLET_EMAIL",
  "GOOGLE_WALLET_KEY",
  "BOUNCE_SECRET",
  "PASS_KEY",
  "RELEASE_GRACE_SECONDS",
  "RESERVES_PER_MINUTE",
  "JOINS_PER_MINUTE",
  "PAYMENTS_PER_MINUTE",
  "SEARCHES_PER_MINUTE",
  "SIGN_INS_PER_MINUTE",
  "DOCUMENTS_PER_MINUTE",
  "CHALLENGE_AFTER",
  "CHALLENGE_JOINS_PER_MINUTE",
  "CHALLENGE_BITS",
  "TURNSTILE_SECRET_KEY",
  "TURNSTILE_SITE_KEY",
  "TURNSTILE_URL",
  "PARTNER_FACTOR",
  "PARTNERS",
);
const logger = createLogger("api", config.LOG_LEVEL);

const pool = createPool(connections("api", 12));
// For what people look at.
const readingPool = createPool(connections("api-reading", 8));
// For organisers: a season's seats are written by statements of seconds.
const organiserPool = createPool({ ...connections("api-organisers", 2), statementMsMax: 20_000 });
const redis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "api",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
// A connection that follows channels can do nothing else.
const feedRedis = createRedis({
  redisUrl: config.REDIS_URL,
  component: "api-seats",
  onError: (error) => logger.debug({ err: error }, "redis is away"),
});
const index = createSearchIndex({ url: config.ELASTICSEARCH_URL, alias: config.SEARCH_INDEX });
const checkouts = createCheckoutClient({ address: config.CHECKOUT_ADDRESS });
const stripe = createStripeProvider({
  apiUrl: config.STRIPE_API_URL,
  secretKey: config.STRIPE_SECRET_KEY,
  // A buyer waits for the answer, and asks again; the workflow has more patience.
  limits: {
    silenceMsMax: 4_000,
    callMsMax: 6_000,
    queuedMsMax: 2_000,
    turnMsMax: 2_000,
    perSecondMax: config.STRIPE_CALLS_PER_SECOND,
  },
});

const paypal = offerPaypal(config, {
  silenceMsMax: 4_000,
  callMsMax: 6_000,
  queuedMsMax: 2_000,
});
const paypalWebhook = optionalSettings(
  {
    PAYPAL_CLIENT_ID: config.PAYPAL_CLIENT_ID,
    PAYPAL_CLIENT_SECRET: config.PAYPAL_CLIENT_SECRET,
    PAYPAL_WEBHOOK_ID: config.PAYPAL_WEBHOOK_ID,
    PAYPAL_WEBHOOK_ROOTS: config.PAYPAL_WEBHOOK_ROOTS,
  },
  "PAYPAL_CLIENT_ID",
  "PAYPAL_CLIENT_SECRET",
);

const sealing = createSealing(config.SEALING_KEYS, config.DIGEST_KEY);
const slips = createSlips(config.PASS_KEY);
const latenessMs = watchLateness();
const operations = createOperations(
  {
    db: pool,
    readingDb: readingPool,
    organiserDb: organiserPool,
    seatLocks: createSeatLocks(redis),
    tellSeats: createSeatPublisher(redis),
    seatFollower: createSeatFollower(feedRedis),
    showMetadata: createShowMetadata(redis),
    catalogueFollower: createCatalogueFollower(feedRedis),
    lineStore: createLineStore(redis),
    limitCount: createLimitCounts(redis, sealing.digest),
    checkouts,
    providers: [stripe, paypal].filter((provider) => provider !== undefined),
    index,
    sealing,
    signing: createTicketSigning(config.TICKET_KEYS),
    ...{ slips, mailIds: createMailIds(config.LINK_KEY), challenge: createChallenge() },
    signIn: config.SIGN_IN_ADDRESS
      ? createSignInClient({ address: config.SIGN_IN_ADDRESS })
      : undefined,
    ...{ latenessMs, logger },
  },
  {
    graceSeconds: config.RELEASE_GRACE_SECONDS,
    paymentsPerSecondMax: config.STRIPE_CALLS_PER_SECOND,
    askers: {
      rates: {
        reserve: config.RESERVES_PER_MINUTE,
        join: config.JOINS_PER_MINUTE,
        payments: config.PAYMENTS_PER_MINUTE,
        search: { person: config.SEARCHES_PER_MINUTE, address: config.SEARCHES_PER_MINUTE },
        signIn: { person: config.SIGN_INS_PER_MINUTE, address: config.SIGN_INS_PER_MINUTE },
        documents: config.DOCUMENTS_PER_MINUTE,
        partnerFactor: config.PARTNER_FACTOR,
        windowSeconds: 60,
      },
      signals: {
        pointsMax: config.CHALLENGE_AFTER,
        joinsPerMinute: config.CHALLENGE_JOINS_PER_MINUTE,
        windowSeconds: 600,
      },
    },
  },
);
operations.lines.run();
operations.lineDemand.run();
const isReady = async () =>
  operations.lines.isReady() && (await pool.query("select 1")).rowCount === 1;
const app = createApp({
  operations,
  verifyToken: createTokenVerifier({
    audience: config.IDENTITY_AUDIENCE,
    issuers: listIssuers(),
  }),
  ticketLinks: createTicketLinks(config.LINK_KEY),
  wallets: offerWallets(config),
  readUnsubscribeSlip: createUnsubscribeSlips(config.LINK_KEY).read,
  verifyBounceReport: createBounceVerifier(config.BOUNCE_SECRET),
  readStripeWebhook: (rawBody, signatureHeader) =>
    readStripeEvent(rawBody, signatureHeader, {
      webhookSecret: config.STRIPE_WEBHOOK_SECRET,
      stripe,
    }),
  readPaypalWebhook: paypalWebhook && paypalReader(paypalWebhook),
  // Browsing needs PostgreSQL alone: with selling away the edge still answers.
  isReady,
  publicUrl: config.PUBLIC_URL,
  shopUrl: config.SHOP_URL,
  storefront: await loadStorefront(logger),
  paymentWays: { card: cardWay(config), paypal: paypal !== undefined },
  trustedProxies: config.TRUSTED_PROXIES,
  latenessMs,
  partners: createPartners(config.PARTNERS),
  logger,
});

const server = await serveApp(app, { hostname: config.LISTEN_HOST, port: config.API_PORT });

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  isReady,
  closables: [
    {
      name: "postgres",
      close: () => Promise.all([pool.end(), readingPool.end(), organiserPool.end()]),
    },
    { name: "redis", close: async () => redis.disconnect() },
    { name: "seat feed", close: async () => feedRedis.disconnect() },
    { name: "elasticsearch", close: () => index.close() },
    { name: "checkouts", close: () => checkouts.close() },
    { name: "http", close: () => server.close() },
    // First: a stream that stays open would keep the server from closing.
    { name: "seat maps", close: async () => operations.seatViews.close() },
    { name: "line demand", close: () => operations.lineDemand.close() },
    { name: "lines", close: () => operations.lines.close() },
  ],
});

function createChallenge() {
  const { TURNSTILE_SECRET_KEY, TURNSTILE_SITE_KEY, TURNSTILE_URL: verifyUrl } = config;
  const keys = { TURNSTILE_SECRET_KEY, TURNSTILE_SITE_KEY };
  const turnstile = optionalSettings(keys, "TURNSTILE_SECRET_KEY", "TURNSTILE_SITE_KEY");
  if (turnstile === undefined) return createProofOfWork({ slips, bits: config.CHALLENGE_BITS });
  const { TURNSTILE_SECRET_KEY: secretKey, TURNSTILE_SITE_KEY: siteKey } = turnstile;
  return createTurnstile({ verifyUrl, secretKey, siteKey });
}

/** Ours signs people in by mail; another one may do so as well, or instead. */
function listIssuers(): Issuer[] {
  const keys = {
    IDENTITY_ISSUER: config.IDENTITY_ISSUER,
    IDENTITY_JWKS_URL: config.IDENTITY_JWKS_URL,
  };
  const other = optionalSettings(keys, "IDENTITY_ISSUER", "IDENTITY_JWKS_URL");
  const issuers = [
    other && { issuer: other.IDENTITY_ISSUER, jwksUrl: other.IDENTITY_JWKS_URL },
    config.SIGN_IN_ADDRESS && {
      issuer: config.PUBLIC_URL,
      jwksUrl: new URL(signInKeysPath, config.SIGN_IN_ADDRESS).href,
    },
  ].filter((one) => typeof one === "object");
  if (issuers.length === 0)
    throw new Error("Nobody can sign in: set SIGN_IN_ADDRESS or IDENTITY_ISSUER");
  return issuers;
}

function connections(component: string, connectionsMax: number) {
  return {
    ...{ databaseUrl: config.DATABASE_URL, component, connectionsMax },
    statementMsMax: 2_000,
    onIdleError: warnOfIdleErrors(logger),
  };
}

function paypalReader(account: { PAYPAL_WEBHOOK_ID: string; PAYPAL_WEBHOOK_ROOTS: string }) {
  const options = {
    webhookId: account.PAYPAL_WEBHOOK_ID,
    certificates: createWebhookCertificates({
      certUrl: config.PAYPAL_WEBHOOK_CERT_URL,
      roots: account.PAYPAL_WEBHOOK_ROOTS,
    }),
  };
  return (rawBody: Uint8Array, headers: Pick<Headers, "get">) =>
    readPaypalEvent(rawBody, headers, options);
}
