import { once } from "node:events";
import { promisify } from "node:util";

import { serve } from "@hono/node-server";

import { createSignIn } from "../../adapters/better-auth/create-sign-in.ts";
import { digestForSignIn } from "../../adapters/better-auth/digest-for-sign-in.ts";
import { createMailer } from "../../adapters/email/create-mailer.ts";
import { addLanguage } from "../../adapters/postgres/notice-choices.ts";
import { addPerson } from "../../adapters/postgres/people.ts";
import { createPool, warnOfIdleErrors } from "../../adapters/postgres/pool.ts";
import { readConfig } from "../../platform/config.ts";
import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createSignInApp } from "./create-sign-in-app.ts";

const config = readConfig(
  "DATABASE_URL",
  "SMTP_URL",
  "MAIL_FROM",
  "DEFAULT_LANGUAGE",
  "PUBLIC_URL",
  "IDENTITY_AUDIENCE",
  "SEALING_KEYS",
  "DIGEST_KEY",
  "SIGN_IN_KEY",
  "SIGN_IN_PORT",
  "LISTEN_HOST",
  "HEALTH_PORT",
  "LOG_LEVEL",
);
const logger = createLogger("sign-in", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "sign-in",
  connectionsMax: 6,
  statementMsMax: 2_000,
  onIdleError: warnOfIdleErrors(logger),
});
const sealing = createSealing(config.SEALING_KEYS, config.DIGEST_KEY);
const mailer = createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM });

const app = createSignInApp({
  codes: await createSignIn(pool, {
    issuer: config.PUBLIC_URL,
    audience: config.IDENTITY_AUDIENCE,
    key: config.SIGN_IN_KEY,
    digest: digestForSignIn(sealing),
  }),
  mailer,
  defaultLanguage: config.DEFAULT_LANGUAGE,
  async knowPerson({ language, ...person }) {
    await addPerson(pool, sealing, { ...person, name: "" });
    if (language !== undefined) await addLanguage(pool, { userId: person.userId, language });
  },
  logger,
});
const server = serve({
  fetch: app.fetch,
  hostname: config.LISTEN_HOST,
  port: config.SIGN_IN_PORT,
});
await once(server, "listening");

await runUntilSignal({
  logger,
  health: { host: config.LISTEN_HOST, port: config.HEALTH_PORT },
  isReady: async () => (await pool.query("select 1")).rowCount === 1,
  closables: [
    { name: "postgres", close: () => pool.end() },
    { name: "mail", close: () => mailer.close() },
    { name: "http", close: promisify(server.close.bind(server)) },
  ],
});
