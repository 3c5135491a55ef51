import { readAddresses } from "./addresses.ts";

/** The stores of the environment, or those of the Marquee that `npm start` has started here; undefined where neither is. */
export async function findStores(): Promise<{
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
}> {
  const here = await readAddresses();
  return {
    databaseUrl: process.env["DATABASE_URL"] || here?.database,
    redisUrl: process.env["REDIS_URL"] || here?.redis,
  };
}
