import type { Client } from "@temporalio/client";
import { WorkflowUpdateFailedError } from "@temporalio/client";
import { ApplicationFailure, WorkflowNotFoundError } from "@temporalio/common";

import type {
  CancelAnswer,
  CancelledBy,
  ExtendAnswer,
  ExtendWish,
} from "../../adapters/checkout/create-checkout-client.ts";
import type { BookingKey } from "../../adapters/postgres/holds.ts";
import type { ErrorCode } from "../../domain/errors.ts";
import type { HoldChange, HoldOutcome } from "../../domain/hold.ts";
import { checkoutWorkflowId } from "../../domain/ids.ts";
import type { CancelOutcome, ExtendOutcome } from "../../workflows/contract.ts";
import { messageNames, rejections } from "../../workflows/contract.ts";

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

/** Repeatable by itself: what is so already is left as it is. */
export async function changeSeats(
  temporal: Client,
  { bookingId, add, drop, expectedTotalMinor }: BookingKey & HoldChange,
): Promise<HoldOutcome> {
  const change: HoldChange = {
    ...{ add, drop },
    ...(expectedTotalMinor !== undefined && { expectedTotalMinor }),
  };
  try {
    const answer = await updateOpen(() =>
      temporal.withDeadline(Date.now() + answerMsMax, () =>
        temporal.workflow
          .getHandle(checkoutWorkflowId(bookingId))
          .executeUpdate<HoldOutcome, [HoldChange]>(messageNames.changeSeats, { args: [change] }),
      ),
    );
    return typeof answer === "string" ? refused("BOOKING_CLOSED") : answer;
  } catch (error) {
    if (rejectionOf(error) === rejections.tooOften) return refused("HOLD_CHANGES_EXHAUSTED");
    throw error;
  }
}

function refused(code: ErrorCode): HoldOutcome {
  return { outcome: "refused", code, seatIds: [] };
}

async function updateOpen<Answer>(
  update: () => Promise<Answer>,
): Promise<Answer | "too_late" | "closed"> {
  try {
    return await update();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "closed";
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    const rejection = rejectionOf(error);
    // Too early: the hold is committed, its checkout has not heard of it yet, and whoever asks again is heard.
    if (rejection === rejections.tooEarly || rejection === rejections.tooOften) throw error;
    return "too_late";
  }
}

/** Why the validator has turned it down, if it has. */
function rejectionOf(error: unknown): string | undefined | null {
  const isFailed = error instanceof WorkflowUpdateFailedError;
  return isFailed && error.cause instanceof ApplicationFailure ? error.cause.type : undefined;
}
