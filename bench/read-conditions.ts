import { cpus, loadavg, totalmem } from "node:os";

import type { Queryable } from "../adapters/postgres/pool.ts";

/** What the figures depend on, besides the code. */
export async function readConditions(
  db: Queryable,
  loadBefore: number,
  minutes: number,
): Promise<string> {
  const { rows } = await db.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${minutes.toFixed(1)} minutes`,
    `- ${cpus().length} cores (${model}), ${memory} GiB, shared by the servers, the house and the generator`,
    `- load average of one minute: ${loadBefore.toFixed(1)} before the start, ${(loadavg()[0] ?? 0).toFixed(1)} at the end`,
    `- Node ${process.versions.node}, PostgreSQL ${rows[0]?.version ?? "?"}, Valkey and the Temporal dev server of \`npm start\`, all new and with its settings`,
  ].join("\n");
}
