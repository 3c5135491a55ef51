import { parseArgs } from "node:util";

import { Client, Connection } from "@temporalio/client";

import { createPaypalProvider } from "../adapters/paypal/create-paypal-provider.ts";
import { readStory } from "../adapters/postgres/audit/read-story.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { createStripeProvider } from "../adapters/stripe/create-stripe-provider.ts";
import { showIds } from "../domain/ids.ts";
import type { PaymentProvider } from "../domain/payment.ts";
import type { AuditPart } from "./audit/audit-part.ts";
import { checkPayments } from "./audit/check-payments.ts";
import { checkRows } from "./audit/check-rows.ts";
import { checkWorkflows } from "./audit/check-workflows.ts";
import type { AuditPlaces } from "./audit/find-places.ts";
import { findPlaces } from "./audit/find-places.ts";
import { printReport } from "./audit/print-report.ts";

const usage = "npm run audit -- [--show SHOW] [--days DAYS]";

/** `npm run audit`: exit code 0 when every promise holds, 1 when one is broken, 2 when something could not be looked at. */
async function audit(): Promise<number> {
  const { values } = parseArgs({
    options: { show: { type: "string" }, days: { type: "string", default: "2" } },
  });
  const daysMax = Number(values.days);
  if (!(daysMax > 0 && daysMax <= 365)) throw new Error("DAYS is a number from 0 to 365");
  const places = await findPlaces();
  const pool = createPool({
    databaseUrl: places.database,
    component: "audit",
    connectionsMax: 1,
    statementMsMax: 60_000,
    onIdleError: (error) => say(`the database went away: ${error.message}`),
  });
  try {
    const showId = values.show === undefined ? undefined : showIds.decode(values.show);
    return await auditAll(pool, places, { showId, daysMax });
  } finally {
    await pool.end();
  }
}

async function auditAll(
  pool: Pool,
  places: AuditPlaces,
  { showId, daysMax }: { showId: string | undefined; daysMax: number },
): Promise<number> {
  const ofShow = showId === undefined ? {} : { showId };
  const asked = await Promise.allSettled([
    checkRows(pool, { ...ofShow, graceSeconds: places.graceSeconds }),
    askTemporal(places, (temporal) => checkWorkflows({ db: pool, temporal, ...ofShow })),
    askStripe(places, (provider) => checkPayments({ db: pool, provider, daysMax, ...ofShow })),
    askPaypal(pool, places, (provider) =>
      checkPayments({ db: pool, provider, daysMax, ...ofShow }),
    ),
  ]);
  const parts = asked.filter((part) => part.status === "fulfilled").map(({ value }) => value);
  const failures = asked
    .filter((part) => part.status === "rejected")
    .map(({ reason }) => reason as unknown);
  await printReport(parts, (booking) => readStory(pool, booking), say);
  for (const failure of failures)
    say(`! ${failure instanceof Error ? failure.message : String(failure)}`);

  const broken = parts.reduce((sum, { violations }) => sum + violations.length, 0);
  if (broken > 0) say(`\n${broken} times a promise is broken.`);
  else if (failures.length === 0) say("\nEvery promise holds.");
  else say("\nNo broken promise was found, but not everything could be looked at.");
  if (broken > 0) return 1;
  return failures.length === 0 ? 0 : 2;
}

async function askTemporal(
  { temporal, namespace }: AuditPlaces,
  ask: (client: Client) => Promise<AuditPart>,
): Promise<AuditPart> {
  if (temporal === undefined)
    throw new Error("Temporal was not asked: TEMPORAL_ADDRESS is not set");
  const connection = await Connection.connect({ address: temporal, connectTimeout: "5s" });
  try {
    return await ask(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

async function askStripe(
  { stripe }: AuditPlaces,
  ask: (provider: ReturnType<typeof createStripeProvider>) => Promise<AuditPart>,
): Promise<AuditPart> {
  if (stripe === undefined) throw new Error("Stripe was not asked: STRIPE_SECRET_KEY is not set");
  return ask(createStripeProvider(stripe));
}

/** Whoever has never sold by PayPal need not have an account there. */
async function askPaypal(
  pool: Pool,
  { paypal }: AuditPlaces,
  ask: (provider: PaymentProvider) => Promise<AuditPart>,
): Promise<AuditPart> {
  if (paypal === undefined) {
    const { rowCount } = await pool.query("select from payments where provider = 'paypal' limit 1");
    if (rowCount === 0) return { checks: [], violations: [], looked: [] };
    throw new Error("PayPal was not asked: PAYPAL_CLIENT_ID and PAYPAL_CLIENT_SECRET are not set");
  }
  // Nobody is sent to these: an audit starts no payment.
  const pages = { returnUrl: "https://audit.invalid/", cancelUrl: "https://audit.invalid/" };
  return ask(createPaypalProvider({ ...paypal, ...pages }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await audit();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 2;
}
