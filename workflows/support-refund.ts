import { bookingIds } from "../domain/ids.ts";
import { durable } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { SupportActionResult, SupportRefundInput } from "./contract.ts";
import { startRefund } from "./start-children.ts";
import { audited, requireSupportRequest } from "./support-action.ts";

/** Support gives money back for tickets of a booking that is closed: all of them, or some seats. */
export async function supportRefund(input: SupportRefundInput): Promise<SupportActionResult> {
  requireSupportRequest(input);
  const { id: bookingId, showId } = bookingIds.decode(input.bookingId);
  const booking = { showId, bookingId };
  const outcome = await audited(booking, "refund", input, async (actionId) => {
    const { seatIds, withFees } = input;
    const cause = `support:${actionId}` as const;
    const opened = await durable.refundTickets({ ...booking, cause, seatIds, withFees });
    if (opened.outcome === "refused") return opened.code;
    if (opened.outcome === "open") await startRefund({ ...booking, refundId: opened.refundId });
    return `refund ${opened.refundId}`;
  });
  announce("refunding", `Outcome: ${outcome}`);
  return { outcome };
}
