import { fileURLToPath } from "node:url";

import type { WorkflowClient } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

/**
 * Goes through every history of a type with today's code, as after the death of the process that had it in memory. Returns what
 * could not be gone through, and how many there were. A test that runs workers of its own hands their bundle in.
 */
export async function replayAll(
  temporal: WorkflowClient,
  workflowType: string,
  bundle?: WorkflowBundleWithSourceMap,
): Promise<{ errors: unknown[]; replayed: number }> {
  const workflowBundle = bundle ?? (await bundleToday());
  const histories = temporal
    .list({ query: `WorkflowType = '${workflowType}'` })
    .intoHistories({ concurrency: 4 });
  const errors: unknown[] = [];
  let replayed = 0;
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error !== undefined) errors.push(error);
    replayed += 1;
  }
  return { errors, replayed };
}

async function bundleToday(): Promise<WorkflowBundleWithSourceMap> {
  Runtime.install({ logger: new DefaultLogger("ERROR") });
  const workflowsPath = fileURLToPath(new URL("../workflows/index.ts", import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
}
