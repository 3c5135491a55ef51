import { readAddresses } from "../addresses.ts";
import { localKeys } from "../local-keys.ts";

export type AuditPlaces = {
  database: string;
  temporal: string | undefined;
  namespace: string;
  stripe: { apiUrl: string; secretKey: string } | undefined;
  paypal: { apiUrl: string; clientId: string; clientSecret: string } | undefined;
  graceSeconds: number;
};

/** What the environment says; if it names no database, the Marquee that `npm start` has started here. Never half of each. */
export async function findPlaces(): Promise<AuditPlaces> {
  const rules = {
    namespace: setting("TEMPORAL_NAMESPACE") ?? "default",
    graceSeconds: Number(setting("RELEASE_GRACE_SECONDS") ?? 120),
  };
  const database = setting("DATABASE_URL");
  if (database !== undefined) {
    const secretKey = setting("STRIPE_SECRET_KEY");
    const apiUrl = setting("STRIPE_API_URL") ?? "https://api.stripe.com";
    const stripe = secretKey === undefined ? undefined : { apiUrl, secretKey };
    const paypal = paypalOf(setting("PAYPAL_API_URL") ?? "https://api-m.paypal.com");
    return { ...rules, database, temporal: setting("TEMPORAL_ADDRESS"), stripe, paypal };
  }
  const here = await readAddresses();
  if (here === undefined) {
    throw new Error("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.");
  }
  const secretKey = setting("STRIPE_SECRET_KEY") ?? localKeys.STRIPE_SECRET_KEY;
  const stripe = { apiUrl: here.stripe, secretKey };
  const paypal = paypalOf(here.paypal, localKeys);
  return { ...rules, database: here.database, temporal: here.temporal, stripe, paypal };
}

function paypalOf(
  apiUrl: string,
  otherwise: { PAYPAL_CLIENT_ID?: string; PAYPAL_CLIENT_SECRET?: string } = {},
): AuditPlaces["paypal"] {
  const clientId = setting("PAYPAL_CLIENT_ID") ?? otherwise.PAYPAL_CLIENT_ID;
  const clientSecret = setting("PAYPAL_CLIENT_SECRET") ?? otherwise.PAYPAL_CLIENT_SECRET;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { apiUrl, clientId, clientSecret };
}

function setting(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === "" ? undefined : value;
}
