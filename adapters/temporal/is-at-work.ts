import type { Client } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";

/** Whether a workflow of this id runs now. One that has ended, or never was, does not. */
export async function isAtWork({ workflow }: Client, workflowId: string): Promise<boolean> {
  try {
    return (await workflow.getHandle(workflowId).describe()).status.name === "RUNNING";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
