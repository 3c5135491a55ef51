import { listBounces } from "../adapters/postgres/mail-bounces.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { isUuid } from "../domain/ids.ts";
import { readConfig } from "../platform/config.ts";

const usage = `npm run bounces              shows whose mail has come back, the newest hundred
npm run bounces -- USER_ID   of one person
`;

/** What support looks at. Exit code 0 when it is done, 2 for a wrong call. Names no address: support finds it by the person. */
async function mailBounces([userId, ...rest]: string[]): Promise<number> {
  if (rest.length > 0 || (userId !== undefined && !isUuid(userId))) {
    process.stderr.write(usage);
    return 2;
  }
  const config = readConfig("DATABASE_URL");
  const pool = createPool({
    databaseUrl: config.DATABASE_URL,
    component: "mail-bounces",
    connectionsMax: 1,
    statementMsMax: 5_000,
    onIdleError: () => undefined,
  });
  try {
    for (const bounce of await listBounces(pool, { userId, limit: 100 })) {
      process.stdout.write(`${JSON.stringify(bounce)}\n`);
    }
    return 0;
  } finally {
    await pool.end();
  }
}

process.exitCode = await mailBounces(process.argv.slice(2));
