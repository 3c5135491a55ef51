import { digestForSignIn } from "../../adapters/better-auth/digest-for-sign-in.ts";
import { knowUser } from "../../adapters/better-auth/know-user.ts";
import { importCatalogue } from "../../adapters/postgres/catalogue-import.ts";
import { addPerson } from "../../adapters/postgres/people.ts";
import type { Pool } from "../../adapters/postgres/pool.ts";
import { createPool } from "../../adapters/postgres/pool.ts";
import { createSealing } from "../../platform/sealing.ts";
import type { Sealing } from "../../platform/sealing.ts";
import { localKeys } from "../local-keys.ts";
import { makeDemoCatalogue } from "./make-demo-catalogue.ts";
import { demoPeople } from "./people.ts";

/** Puts the demo's people and shows into a migrated database; shows only when none is to come. */
export async function loadDemoData(
  databaseUrl: string,
  report: (line: string) => void,
): Promise<void> {
  const pool = createPool({
    databaseUrl,
    component: "demo-data",
    connectionsMax: 2,
    statementMsMax: 60_000,
    onIdleError: (error) => report(`the database went away: ${error.message}`),
  });
  try {
    const sealing = createSealing(
      process.env["SEALING_KEYS"] ?? localKeys.SEALING_KEYS,
      process.env["DIGEST_KEY"] ?? localKeys.DIGEST_KEY,
    );
    await savePeople(pool, sealing);
    await loadShows(pool, sealing, report);
  } finally {
    await pool.end();
  }
}

async function savePeople(pool: Pool, sealing: Sealing): Promise<void> {
  for (const person of demoPeople) {
    await addPerson(pool, sealing, person);
    // With a code from the local inbox they are who they are with the stand-in's tokens.
    await knowUser(pool, digestForSignIn(sealing), person);
  }
}

async function loadShows(
  pool: Pool,
  sealing: Sealing,
  report: (line: string) => void,
): Promise<void> {
  const { rows } = await pool.query("select 1 from shows where starts_at > now() limit 1");
  if (rows.length > 0) return;
  const startedAt = performance.now();
  const catalogue = makeDemoCatalogue({ today: new Date().toISOString().slice(0, 10), seed: 1 });
  const imported = await importCatalogue(pool, JSON.stringify(catalogue), {
    ...{ check: false, sealing },
    report: () => undefined,
  });
  if (imported.outcome !== "imported") {
    throw new Error(`The demo catalogue was not imported: ${JSON.stringify(imported)}`);
  }
  const { showsNew, seatsNew } = imported.summary;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  report(`demo catalogue: ${showsNew} shows with ${seatsNew} seats (${seconds} s)`);
}
