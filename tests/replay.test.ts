import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { beforeAll, expect, test } from "@jest/globals";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import type { WorkflowBundleWithSourceMap } from "@temporalio/worker";

const folder = fileURLToPath(new URL("./histories/", import.meta.url));
const histories = readdirSync(folder).filter((file) => file.endsWith(".json"));

let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger("WARN") });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL("../workflows/index.ts", import.meta.url)),
  });
}, 60_000);

type StartedEvent = { workflowExecutionStartedEventAttributes?: { workflowId?: string } };

async function replay(history: unknown): Promise<void> {
  // A change of a show looks at its own id.
  const [started] = (history as { events: StartedEvent[] }).events;
  const workflowId = started?.workflowExecutionStartedEventAttributes?.workflowId ?? "bk_replayed";
  await Worker.runReplayHistory({ workflowBundle }, history as object, workflowId);
}

function read(file: string): { events: { eventType: string }[] } {
  return JSON.parse(readFileSync(folder + file, "utf8")) as { events: { eventType: string }[] };
}

test.each(histories)("today's code continues a checkout recorded earlier: %s", async (file) => {
  await expect(replay(read(file))).resolves.toBeUndefined();
});

test("control: a history that the code would not have written is refused", async () => {
  const { events } = read("refused.json");
  const withoutStatus = events
    .filter(({ eventType }) => !eventType.endsWith("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES"))
    .map((event, index) => ({ ...event, eventId: String(index + 1) }));
  expect(withoutStatus.length).toBe(events.length - 1);
  await expect(replay({ events: withoutStatus })).rejects.toThrow(/nondeterminism/i);
});
