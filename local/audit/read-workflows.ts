import type { Client, WorkflowExecutionInfo } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";

import { bookingIds } from "../../domain/ids.ts";
import { bookingIdKey } from "../../workflows/search-attributes.ts";

export type WorkflowFacts = {
  workflowId: string;
  type: string;
  /** Temporal's word: RUNNING, TERMINATED, … */
  status: string;
  startedAtMs: number;
  /** Whose it is, where its search attribute says so. */
  booking: { showId: string; bookingId: string } | undefined;
};

/** Temporal's list of workflows may be some seconds old: whoever finds something odd in it asks `statusOf` before he says so. */
export async function readWorkflows(temporal: Client, query: string): Promise<WorkflowFacts[]> {
  const workflows: WorkflowFacts[] = [];
  for await (const info of temporal.workflow.list({ query, pageSize: 1_000 })) {
    workflows.push(factsOf(info));
    if (workflows.length === workflowsMax) throw new Error(`More than ${workflowsMax}: ${query}`);
  }
  return workflows;
}

/** About 100 MB; a Marquee with more open checkouts is audited show by show. */
const workflowsMax = 200_000;

/** `ABSENT` when there is no such workflow, or none any more. */
export async function statusOf(temporal: Client, workflowId: string): Promise<string> {
  try {
    return (await temporal.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "ABSENT";
    throw error;
  }
}

function factsOf(info: WorkflowExecutionInfo): WorkflowFacts {
  const publicId = info.typedSearchAttributes.get(bookingIdKey);
  return {
    workflowId: info.workflowId,
    type: info.type,
    status: info.status.name,
    startedAtMs: info.startTime.getTime(),
    booking: typeof publicId === "string" ? bookingOf(publicId) : undefined,
  };
}

/** Undefined for what is no booking id: the attribute can be written by hand. */
function bookingOf(publicId: string): WorkflowFacts["booking"] {
  try {
    const { id, showId } = bookingIds.decode(publicId);
    return { showId, bookingId: id };
  } catch {
    return undefined;
  }
}
