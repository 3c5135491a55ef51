import { WorkflowExecutionAlreadyStartedError } from "@temporalio/common";
import {
  ParentClosePolicy,
  startChild,
  workflowInfo,
  WorkflowIdReusePolicy,
} from "@temporalio/workflow";
import type { ChildWorkflowHandle, Workflow } from "@temporalio/workflow";

import type { CheckoutStatus } from "../domain/booking.ts";
import { bookingIds, checkoutWorkflowId, showIds } from "../domain/ids.ts";
import type { PaymentFact } from "../domain/payment.ts";
import { checkoutCard } from "./checkout-card.ts";
import {
  auditFindingWorkflowId,
  latePaymentWorkflowId,
  refundWorkflowId,
  workflowTypes,
} from "./contract.ts";
import type { AuditCase, CheckoutInput, LatePaymentInput, RefundInput } from "./contract.ts";
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

/** Known by what it is about: as long as it runs, nobody else begins it. */
export async function startAuditFinding(input: AuditCase): Promise<void> {
  const workflowId = auditFindingWorkflowId(input);
  await start(workflowTypes.auditFinding, workflowId, input, input, "promise_broken");
}

/** The checkout of an offer, as of any order. Undefined: it runs, or has run, already. */
export async function startOfferCheckout(
  input: CheckoutInput,
): Promise<ChildWorkflowHandle<Workflow> | undefined> {
  try {
    return await startChild(workflowTypes.checkout, {
      ...checkoutCard(input, workflowInfo().namespace),
      workflowId: checkoutWorkflowId(input.bookingId),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

async function start(
  type: string,
  workflowId: string,
  input: LatePaymentInput | RefundInput | AuditCase,
  { showId, bookingId }: AuditCase,
  status: CheckoutStatus = "refunding",
): Promise<void> {
  const id = bookingId === null ? [] : [bookingIds.encode({ id: bookingId, showId })];
  try {
    await startChild(type, {
      workflowId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      typedSearchAttributes: [
        ...id.map((value) => ({ key: bookingIdKey, value })),
        { key: showIdKey, value: showIds.encode(showId) },
        { key: bookingStatusKey, value: status },
      ],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
