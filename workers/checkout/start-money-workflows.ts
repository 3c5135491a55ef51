import type { Client, WorkflowStartOptions } from "@temporalio/client";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";

import { bookingIds, showIds } from "../../domain/ids.ts";
import type { PaymentFact } from "../../domain/payment.ts";
import type { LatePaymentInput, RefundInput } from "../../workflows/contract.ts";
import {
  checkoutQueue,
  latePaymentWorkflowId,
  messageNames,
  refundWorkflowId,
  workflowTypes,
} from "../../workflows/contract.ts";
import { bookingIdKey, bookingStatusKey, showIdKey } from "../../workflows/search-attributes.ts";

/** The checkout is over: its money is dealt with by a workflow of its own, which may run again for later news. */
export async function startLatePayment(temporal: Client, fact: PaymentFact): Promise<void> {
  const input: LatePaymentInput = { fact };
  await temporal.workflow.start(workflowTypes.latePayment, {
    ...startOptions(latePaymentWorkflowId(fact.paymentId), fact),
    args: [input],
  });
}

/**
 * Starts the refund, also for a second time: one that had succeeded may have failed since. One that runs is told that there is
 * news; if it ends in that very moment it is started again.
 */
export async function driveRefund(
  temporal: Client,
  { showId, bookingId, refundId }: RefundInput,
): Promise<void> {
  const input: RefundInput = { showId, bookingId, refundId };
  const workflowId = refundWorkflowId(refundId);
  for (let turn = 1; ; turn += 1) {
    try {
      await temporal.workflow.start(workflowTypes.refund, {
        ...startOptions(workflowId, input),
        workflowIdConflictPolicy: "FAIL",
        args: [input],
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    try {
      await temporal.workflow.getHandle(workflowId).signal(messageNames.refundNews);
      return;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || turn === startTurnsMax) throw error;
    }
  }
}

/** It has just ended each time: the next news will find it ended, or its row is found by the redrive. */
const startTurnsMax = 3;

function startOptions(
  workflowId: string,
  { showId, bookingId }: { showId: string; bookingId: string },
): Omit<WorkflowStartOptions, "args"> {
  return {
    workflowId,
    taskQueue: checkoutQueue,
    workflowIdReusePolicy: "ALLOW_DUPLICATE",
    workflowIdConflictPolicy: "USE_EXISTING",
    typedSearchAttributes: [
      { key: bookingIdKey, value: bookingIds.encode({ id: bookingId, showId }) },
      { key: showIdKey, value: showIds.encode(showId) },
      { key: bookingStatusKey, value: "refunding" },
    ],
  };
}
