import type { Client } from "@temporalio/client";

import { showIds } from "../../domain/ids.ts";
import type { WaitingListInput } from "../../workflows/contract.ts";
import {
  checkoutQueue,
  messageNames,
  waitingListWorkflowId,
  workflowTypes,
} from "../../workflows/contract.ts";
import { showIdKey } from "../../workflows/search-attributes.ts";

/** Has the waiting list of a show looked at: by the workflow that does so already, or by a new one. */
export async function wakeWaitingList({ workflow }: Client, showId: string): Promise<void> {
  const publicId = showIds.encode(showId);
  const input: WaitingListInput = { showId, offered: 0 };
  await workflow.signalWithStart(workflowTypes.waitingList, {
    workflowId: waitingListWorkflowId(publicId),
    taskQueue: checkoutQueue,
    args: [input],
    signal: messageNames.lookAtWaitingList,
    typedSearchAttributes: [{ key: showIdKey, value: publicId }],
    staticSummary: "Seats that came back, offered to those who wait",
  });
}
