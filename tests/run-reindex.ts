import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { System } from "./system.ts";

/** `npm run reindex` against a system of a test, as a process of its own. */
export function runReindex(system: System): {
  ended: Promise<{ code: number | null; output: string }>;
  /** SIGKILL: no goodbye. */
  kill(): void;
} {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "../search-indexer/reindex.ts")],
    {
      env: {
        ...process.env,
        DATABASE_URL: system.database.url,
        SEARCH_INDEX: system.namespace,
        LOG_LEVEL: "info",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return {
    ended: once(child, "close").then(() => ({ code: child.exitCode, output })),
    kill: () => child.kill("SIGKILL"),
  };
}
