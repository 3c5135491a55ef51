import { bookingIds } from "../domain/ids.ts";
import { problemOfSupportRequest } from "../domain/support.ts";
import { durable } from "./activity-proxies.ts";
import type { SupportActionResult, SupportResendInput } from "./contract.ts";
import { rejected } from "./rejected.ts";
import { audited } from "./support-action.ts";

/** Support has the tickets of a booking sent to its buyer once more. */
export async function supportResend(input: SupportResendInput): Promise<SupportActionResult> {
  const problem = problemOfSupportRequest(input);
  if (problem !== undefined) throw rejected(problem);
  const { id: bookingId, showId } = bookingIds.decode(input.bookingId);
  const booking = { showId, bookingId };
  const outcome = await audited(booking, "resend_tickets", input, async (actionId) => {
    const { outcome: sent } = await durable.resendTickets({ ...booking, actionId });
    return sent;
  });
  return { outcome };
}
