import { durable } from "./activity-proxies.ts";
import type { SupportActionResult, SupportResendInput } from "./contract.ts";
import { audited, decodeBookingId, requireSupportRequest } from "./support-action.ts";

/** Support has the tickets of a booking sent to its buyer once more. */
export async function supportResend(input: SupportResendInput): Promise<SupportActionResult> {
  requireSupportRequest(input);
  const booking = decodeBookingId(input.bookingId);
  const outcome = await audited(booking, "resend_tickets", input, async (actionId) => {
    const { outcome: sent } = await durable.resendTickets({ ...booking, actionId });
    return sent;
  });
  return { outcome };
}
