import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { WorkflowHandle } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";

/**
 * Keeps the history of an ended workflow for tests/replay.test.ts, when `RECORD_HISTORIES` is set. A recorded history stays as it
 * is for as long as a workflow that was started by that code may still run.
 */
export async function saveHistory(handle: WorkflowHandle, name: string): Promise<void> {
  if (process.env["RECORD_HISTORIES"] === undefined) return;
  await handle.result();
  const history = await handle.fetchHistory();
  const file = new URL(`./histories/${name}.json`, import.meta.url);
  writeFileSync(fileURLToPath(file), `${withoutMachine(historyToJSON(history))}\n`);
}

/** Workers sign with their process and host, and name their own queues so, and errors name the folders they came from: nobody's business. */
function withoutMachine(json: string): string {
  const hidden: Record<string, string> = { identity: "worker", stackTrace: "" };
  const isWorker = (value: unknown) => typeof value === "string" && /^\d+@/.test(value);
  const hide = (key: string, value: unknown) => hidden[key] ?? (isWorker(value) ? "worker" : value);
  return JSON.stringify(JSON.parse(json, hide), null, 2);
}
