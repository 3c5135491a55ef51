import { workflowInfo } from "@temporalio/workflow";

import { durable } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { SupportActionResult, SupportRefundInput } from "./contract.ts";
import { rejected } from "./rejected.ts";
import { startRefund } from "./start-children.ts";
import { audited, decodeBookingId, requireSupportRequest } from "./support-action.ts";

/** Support gives money back for tickets of a booking that is closed: all of them, or some seats. */
export async function supportRefund(input: SupportRefundInput): Promise<SupportActionResult> {
  requireSupportRequest(input);
  const booking = decodeBookingId(input.bookingId);
  requireRefundOrder(input);
  const { seatIds, withFees } = input;
  // Not the action's id: somebody typed that, and the column takes a hundred characters.
  const cause = `support:${workflowInfo().firstExecutionRunId}` as const;
  const outcome = await audited(booking, "refund", input, async () => {
    const opened = await durable.refundTickets({ ...booking, cause, seatIds, withFees });
    if (opened.outcome === "refused") return opened.code;
    if (opened.outcome === "open") await startRefund({ ...booking, refundId: opened.refundId });
    return `refund ${opened.refundId}`;
  });
  announce("refunding", `Outcome: ${outcome}`);
  return { outcome };
}

/** What the database would refuse again and again. */
function requireRefundOrder({
  seatIds,
  withFees,
}: {
  seatIds?: unknown;
  withFees?: unknown;
}): void {
  if (typeof withFees !== "boolean") throw rejected("withFees: true or false");
  if (seatIds === undefined) return;
  const isList = Array.isArray(seatIds) && seatIds.every((seatId) => typeof seatId === "string");
  if (!isList || seatIds.length === 0) throw rejected('seatIds: as ["F7", "F8"], or leave it out');
}
