import type { Client, WorkflowStartOptions } from "@temporalio/client";

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

/** Wakes the refund, or starts it, or starts it again: a refund that had succeeded may have failed since. */
export async function driveRefund(
  temporal: Client,
  { showId, bookingId, refundId }: RefundInput,
): Promise<void> {
  const input: RefundInput = { showId, bookingId, refundId };
  await temporal.workflow.signalWithStart(workflowTypes.refund, {
    ...startOptions(refundWorkflowId(refundId), input),
    args: [input],
    signal: messageNames.refundNews,
  });
}

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
