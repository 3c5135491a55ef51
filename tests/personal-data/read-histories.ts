import { Connection, WorkflowClient } from "@temporalio/client";

import type { Text } from "./find-personal-data.ts";

/** One value as a workflow, or whoever called it, has stored it. */
export type Payload = { place: string; encoding: string; text: string };

export type Histories = {
  workflows: number;
  /** Every string and every byte: payloads, failures, memos, summaries, details, search attributes, names. */
  texts: Text[];
  payloads: Payload[];
};

/** Everything that Temporal keeps of the workflows of a namespace. */
export async function readHistories(address: string, namespace: string): Promise<Histories> {
  const connection = await Connection.connect({ address });
  const histories: Histories = { workflows: 0, texts: [], payloads: [] };
  try {
    const client = new WorkflowClient({ connection, namespace });
    for await (const { workflowId, runId } of client.list()) {
      histories.workflows += 1;
      const handle = client.getHandle(workflowId, runId);
      const { events } = await handle.fetchHistory();
      for (const event of events ?? []) {
        collect(histories, event, `${workflowId} event ${String(event.eventId)}`);
      }
      collect(histories, (await handle.describe()).raw, `${workflowId} description`);
      // Current details, and what the handlers say of themselves.
      const details = await handle.query("__temporal_workflow_metadata");
      collect(histories, details, `${workflowId} current details`);
    }
  } finally {
    await connection.close();
  }
  return histories;
}

/** How many workflows are over, as Temporal lists them. */
export async function countEnded(address: string, namespace: string): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new WorkflowClient({ connection, namespace });
    return (await client.count("ExecutionStatus != 'Running'")).count;
  } finally {
    await connection.close();
  }
}

function collect(into: Histories, value: unknown, place: string): void {
  if (typeof value === "string") into.texts.push({ place, text: value });
  else if (value instanceof Uint8Array) into.texts.push({ place, text: utf8(value) });
  else if (isPayload(value)) {
    const text = utf8(value.data);
    into.payloads.push({ place, encoding: utf8(value.metadata["encoding"] ?? none), text });
    into.texts.push({ place, text });
    collect(into, value.metadata, `${place}.metadata`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      into.texts.push({ place, text: key });
      collect(into, inner, `${place}.${key}`);
    }
  }
}

const none = new Uint8Array();

function isPayload(
  value: unknown,
): value is { metadata: Record<string, Uint8Array>; data: Uint8Array } {
  if (typeof value !== "object" || value === null) return false;
  return "metadata" in value && "data" in value && value.data instanceof Uint8Array;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
