import { parseArgs } from "node:util";

import { readStory } from "../adapters/postgres/audit/read-story.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { showIds } from "../domain/ids.ts";
import { readAddresses } from "./addresses.ts";
import type { AuditPart } from "./audit/audit-part.ts";
import { checkRows } from "./audit/check-rows.ts";
import { printReport } from "./audit/print-report.ts";

const usage = "npm run audit -- [--show SHOW]";

/** `npm run audit`: exit code 0 when every promise holds, 1 when one is broken, 2 when something could not be looked at. */
async function audit(): Promise<number> {
  const { values } = parseArgs({ options: { show: { type: "string" } } });
  const places = await findPlaces();
  if (places.database === undefined) {
    say("Marquee is not running and DATABASE_URL is not set. Run `npm start` first.");
    return 2;
  }
  const pool = createPool({
    databaseUrl: places.database,
    component: "audit",
    connectionsMax: 1,
    statementMsMax: 60_000,
    onIdleError: (error) => say(`the database went away: ${error.message}`),
  });
  try {
    const options = {
      graceSeconds: Number(process.env["RELEASE_GRACE_SECONDS"] ?? 120),
      ...(values.show === undefined ? {} : { showId: showIds.decode(values.show) }),
    };
    const parts: AuditPart[] = [await checkRows(pool, options)];
    await printReport(parts, (booking) => readStory(pool, booking), say);
    const broken = parts.reduce((sum, { violations }) => sum + violations.length, 0);
    say(broken === 0 ? "\nEvery promise holds." : `\n${broken} times a promise is broken.`);
    return broken === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}

/** What the environment says; if it says nothing, the Marquee that `npm start` has started here. Never half of each. */
async function findPlaces(): Promise<{ database: string | undefined }> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return { database: given };
  return { database: (await readAddresses())?.database };
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
