import { z } from "zod";

/**
 * Every setting of every process. A process names the ones it needs: `readConfig("DATABASE_URL", "REDIS_URL")`.
 * Entry files alone call this; everything else is handed what it needs. The same keys stand in .env.example.
 */
export function readConfig<Key extends SettingKey>(...keys: Key[]): Pick<Settings, Key> {
  // The mask names only these keys, and so does what comes back; zod cannot say so for a key list of run time.
  const mask = Object.fromEntries(keys.map((key) => [key, true])) as Record<Key, true>;
  const parsed = environmentSchema.pick(mask as Record<SettingKey, true>).safeParse(setVariables());
  if (!parsed.success) {
    throw new Error(`The environment is not complete:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

/** An empty variable is one that is not set: compose files can write nothing else. */
function setVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
}

const port = z.coerce.number().int().min(1).max(65_535);
const url = z.string().min(1);
const secret = z.string().min(16);
/** `60:1200`: of a person, and of an address. */
const rate = z
  .string()
  .regex(/^[1-9]\d*:[1-9]\d*$/)
  .transform((text) => {
    const [person = 0, address = 0] = text.split(":").map(Number);
    return { person, address };
  });

export const environmentSchema = z.object({
  // Stores
  DATABASE_URL: url,
  REDIS_URL: url,
  KAFKA_BROKERS: z.string().transform((list) => list.split(",")),
  /** Before every topic and consumer group, so that several Marquees can share a broker. */
  KAFKA_TOPIC_PREFIX: z.string().default(""),
  ELASTICSEARCH_URL: url,
  /** The alias that searches read. */
  SEARCH_INDEX: z.string().default("shows"),
  TEMPORAL_ADDRESS: z.string(),
  TEMPORAL_NAMESPACE: z.string().default("default"),

  // Addresses of our own processes
  API_PORT: port.default(4000),
  /** Where buyers reach the API; links in mails and QR pages start with it. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, "")),
  /** The page where buyers choose seats, for the page of a line; `{show}` in it is the show's id. */
  SHOP_URL: z.url().optional(),
  CHECKOUT_PORT: port.default(4010),
  CHECKOUT_ADDRESS: z.string(),
  SIGN_IN_PORT: port.default(4060),
  /** The process that signs people in by a code in a mail. Left out: there are no codes. */
  SIGN_IN_ADDRESS: z.url().optional(),
  HEALTH_PORT: port.optional(),
  /** The interface that servers listen on; a container sets 0.0.0.0. */
  LISTEN_HOST: z.string().default("127.0.0.1"),
  /** The proxies between buyers and the API; each adds the address that it sees to X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),

  // Payment providers and mail
  STRIPE_API_URL: z.url().default("https://api.stripe.com"),
  STRIPE_SECRET_KEY: secret,
  /** With it the page of a booking shows Stripe's own card form. */
  STRIPE_PUBLISHABLE_KEY: z.string().startsWith("pk_").optional(),
  /** Where that page sends buyers to pay by card without such a form: the sandbox's page. */
  STRIPE_PAY_PAGE_URL: z.url().optional(),
  /** The requests that a process may send to one endpoint: Stripe allows an account 25, and all processes share them. */
  STRIPE_CALLS_PER_SECOND: z.coerce.number().int().min(1).max(10_000).default(20),
  STRIPE_WEBHOOK_SECRET: secret,
  // A deployment without PAYPAL_CLIENT_ID and PAYPAL_CLIENT_SECRET does not offer PayPal; with them it needs all the others.
  /** PayPal's address, or its sandbox's: `https://api-m.sandbox.paypal.com`. */
  PAYPAL_API_URL: z.url().default("https://api-m.paypal.com"),
  PAYPAL_CLIENT_ID: secret.optional(),
  PAYPAL_CLIENT_SECRET: secret.optional(),
  /** PayPal's id of the webhook that leads here; it is part of what PayPal signs. */
  PAYPAL_WEBHOOK_ID: z.string().min(1).optional(),
  /** Where PayPal keeps the certificates that it signs events with; its sandbox has its own. Nothing is fetched from elsewhere. */
  PAYPAL_WEBHOOK_CERT_URL: z
    .url()
    .endsWith("/")
    .default("https://api.paypal.com/v1/notifications/certs/"),
  /** The root that these certificates lead to, or several: base64 of DER, with commas in between. */
  PAYPAL_WEBHOOK_ROOTS: secret.optional(),
  /**
   * The page to which a buyer comes back from PayPal; `?booking=` names the booking to confirm. The API has a plain one; an app
   * that can confirm by itself names its own.
   */
  PAYPAL_RETURN_URL: z.url().optional(),
  /** The page for a buyer who has changed their mind at PayPal. */
  PAYPAL_CANCEL_URL: z.url().optional(),
  SMTP_URL: url,
  /** The page where a buyer pays for seats that a waiting list has offered; `{booking}` in it is the booking's id. Left out: mails have no link. */
  OFFER_URL: z.url().optional(),
  MAIL_FROM: z.string().default("Marquee <tickets@marquee.example>"),
  /** Of mails and text messages to people who have chosen none. */
  DEFAULT_LANGUAGE: z.enum(["en", "de"]).default("en"),
  /** What takes text messages, as docs/notifications.md says; left out: nobody is sent any. */
  SMS_URL: z.url().optional(),
  SMS_TOKEN: secret.optional(),
  /** Signs reports of mails that have come back; left out: nobody reports any. */
  BOUNCE_SECRET: secret.optional(),

  // Wallets of phones: each is offered when all its settings are there. Certificates and keys are base64 of their PEM files.
  APPLE_PASS_TYPE_ID: z.string().min(1).optional(),
  APPLE_TEAM_ID: z.string().min(1).optional(),
  APPLE_PASS_CERTIFICATE: secret.optional(),
  APPLE_PASS_KEY: secret.optional(),
  /** Apple's own, "WWDR", which the certificate leads to. */
  APPLE_INTERMEDIATE_CERTIFICATE: secret.optional(),
  GOOGLE_WALLET_ISSUER_ID: z.string().min(1).optional(),
  /** Of the service account whose key this is. */
  GOOGLE_WALLET_EMAIL: z.string().min(1).optional(),
  GOOGLE_WALLET_KEY: secret.optional(),

  // Challenges: Marquee's own ones, or with these two Turnstile's
  TURNSTILE_SECRET_KEY: secret.optional(),
  TURNSTILE_SITE_KEY: z.string().min(1).optional(),
  TURNSTILE_URL: z.url().default("https://challenges.cloudflare.com/turnstile/v0/siteverify"),

  // A CDN in front of the API: it hears of changes where these are set
  /** Where each of its nodes takes purges, with commas in between. */
  CDN_PURGE_URL: z.string().min(1).optional(),
  CDN_PURGE_SECRET: secret.optional(),

  // Identity: any OIDC issuer, and workers/sign-in
  /** Left out with its keys' address: people sign in by a code in a mail and in no other way. */
  IDENTITY_ISSUER: z.url().optional(),
  IDENTITY_JWKS_URL: z.url().optional(),
  IDENTITY_AUDIENCE: z.string().default("marquee"),

  // Keys
  /** Seals personal data: `id:base64(32 bytes)`, newest first; older ones stay for reading. */
  SEALING_KEYS: secret,
  /** Keyed digests (equality of sealed e-mails), base64 of 32 bytes. */
  DIGEST_KEY: secret,
  /** Signs tickets: `id:base64(PKCS#8 Ed25519 private key)`, newest first; older ones stay for checking. */
  TICKET_KEYS: secret,
  /** Signs ticket links in mails, base64 of 32 bytes. */
  LINK_KEY: secret,
  /** Signs places in line and passes, and makes the seeds of their draws, base64 of 32 bytes. */
  PASS_KEY: secret,
  /** Signs the sessions of who has signed in by mail, and encrypts what signs their tokens, base64 of 32 bytes. */
  SIGN_IN_KEY: secret,

  // Rules
  /** Ten minutes, as every seller of numbered seats has it; the countdown starts at the commit of the hold. */
  HOLD_SECONDS: z.coerce.number().int().min(1).max(3_600).default(600),
  /** However often a hold is extended, it ends so long after its start. */
  HOLD_SECONDS_MAX: z.coerce.number().int().min(1).max(7_200).default(1_200),
  /** How long after its end a hold's workflow alone may release it; then the hold statement may take the seats over. */
  RELEASE_GRACE_SECONDS: z.coerce.number().int().min(0).max(3_600).default(120),
  /** A quarter of an hour: somebody on a waiting list does not look at their mail all the time, and the others wait meanwhile. */
  OFFER_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  /** How often waiting lists are looked at for what no event has told. */
  WAITING_LIST_EVERY_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
  /**
   * How often one person may ask for something in a minute, and one address or /64: many people share one. A partner counts as
   * PARTNER_FACTOR addresses. Who searches is not known: that is of an address alone.
   */
  RESERVES_PER_MINUTE: rate.prefault("60:1200"),
  JOINS_PER_MINUTE: rate.prefault("30:3000"),
  PAYMENTS_PER_MINUTE: rate.prefault("120:1200"),
  SEARCHES_PER_MINUTE: z.coerce.number().int().min(1).default(3_000),
  /** Codes asked for and tried, from one address or /64; a mailbox has limits of its own. */
  SIGN_INS_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  DOCUMENTS_PER_MINUTE: rate.prefault("60:600"),
  /** So many accounts of one address or /64 may join lines in ten minutes before it is asked to solve challenges: docs/limits.md. */
  CHALLENGE_AFTER: z.coerce.number().int().min(1).default(100),
  /** So many people may join one line in a minute before everybody who joins it is asked. */
  CHALLENGE_JOINS_PER_MINUTE: z.coerce.number().int().min(1).default(60_000),
  /** The work of Marquee's own challenge: each bit doubles it. */
  CHALLENGE_BITS: z.coerce.number().int().min(1).max(32).default(17),
  PARTNER_FACTOR: z.coerce.number().int().min(1).max(10_000).default(20),
  /** Who has limits of its own: `name=sha256:` and a digest of its key, or `name=198.51.100.0/24`, with commas in between. */
  PARTNERS: z.string().default(""),
  /** How often the auditor looks through the rows; 0: not at all. */
  AUDIT_EVERY_SECONDS: z.coerce.number().int().min(0).max(86_400).default(900),
  /** How often holds are released that their workflows have left behind; 0: not at all. */
  SWEEP_EVERY_SECONDS: z.coerce.number().int().min(0).max(3_600).default(60),
  /** How often shows of tomorrow are looked for whose buyers have not been reminded; 0: not at all. */
  REMIND_EVERY_SECONDS: z.coerce.number().int().min(0).max(3_600).default(300),
});

export type Settings = z.infer<typeof environmentSchema>;
export type SettingKey = keyof Settings;
