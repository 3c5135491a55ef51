import { WorkflowExecutionAlreadyStartedError } from "@temporalio/common";
import { ParentClosePolicy, startChild, WorkflowIdReusePolicy } from "@temporalio/workflow";

import { bookingIds, showIds } from "../domain/ids.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { latePaymentWorkflowId, refundWorkflowId, workflowTypes } from "./contract.ts";
import type { LatePaymentInput, RefundInput } from "./contract.ts";
import { bookingIdKey, bookingStatusKey, showIdKey } from "./search-attributes.ts";

/**
 * What outlives the workflow that begins it. Begun twice it runs once: the id says whose it is. One that has ended may run again,
 * because every effect in it has an identity of its own.
 */
export async function startLatePayment(fact: PaymentFact): Promise<void> {
  const input: LatePaymentInput = { fact };
  await start(workflowTypes.latePayment, latePaymentWorkflowId(fact.paymentId), input, fact);
}

export async function startRefund({ showId, bookingId, refundId }: RefundInput): Promise<void> {
  const input: RefundInput = { showId, bookingId, refundId };
  await start(workflowTypes.refund, refundWorkflowId(refundId), input, input);
}

async function start(
  type: string,
  workflowId: string,
  input: LatePaymentInput | RefundInput,
  { showId, bookingId }: { showId: string; bookingId: string },
): Promise<void> {
  try {
    await startChild(type, {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      typedSearchAttributes: [
        { key: bookingIdKey, value: bookingIds.encode({ id: bookingId, showId }) },
        { key: showIdKey, value: showIds.encode(showId) },
        { key: bookingStatusKey, value: "refunding" },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
