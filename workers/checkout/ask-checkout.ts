import type { Client } from "@temporalio/client";
import { WorkflowUpdateFailedError } from "@temporalio/client";
import { WorkflowNotFoundError } from "@temporalio/common";

import type {
  CancelAnswer,
  CancelledBy,
  ExtendAnswer,
  ExtendWish,
} from "../../adapters/checkout/create-checkout-client.ts";
import type { BookingKey } from "../../adapters/postgres/holds.ts";
import { checkoutWorkflowId } from "../../domain/ids.ts";
import type { CancelOutcome, ExtendOutcome } from "../../workflows/contract.ts";
import { messageNames } from "../../workflows/contract.ts";

/** Below the caller's own deadline, so that the caller hears "not known" from here. */
const answerMsMax = 4_500;

/** Repeatable: all who ask wait for the same end. */
export async function cancelCheckout(
  temporal: Client,
  { bookingId, by }: BookingKey & { by: CancelledBy },
): Promise<CancelAnswer> {
  return updateOpen(() =>
    temporal.withDeadline(Date.now() + answerMsMax, () =>
      temporal.workflow
        .getHandle(checkoutWorkflowId(bookingId))
        .executeUpdate<CancelOutcome, [{ by: CancelledBy }]>(messageNames.cancel, {
          args: [{ by }],
        }),
    ),
  );
}

/** The request's id is the update's: Temporal keeps the answer for who asks again. */
export async function extendCheckout(
  temporal: Client,
  { bookingId, requestId, by }: BookingKey & ExtendWish,
): Promise<ExtendAnswer> {
  const answer = await updateOpen(() =>
    temporal.withDeadline(Date.now() + answerMsMax, () =>
      temporal.workflow
        .getHandle(checkoutWorkflowId(bookingId))
        .executeUpdate<ExtendOutcome, [{ by: string }]>(messageNames.extend, {
          updateId: requestId,
          args: [{ by }],
        }),
    ),
  );
  return typeof answer === "string" ? { outcome: answer } : answer;
}

async function updateOpen<Answer>(
  update: () => Promise<Answer>,
): Promise<Answer | "too_late" | "closed"> {
  try {
    return await update();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "closed";
    // Turned down by the validator: the checkout is being decided.
    if (error instanceof WorkflowUpdateFailedError) return "too_late";
    throw error;
  }
}
