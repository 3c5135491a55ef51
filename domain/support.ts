/**
 * Who acted for a customer and why. No words in here: an agent is a user name, a reason is one of a list, and what was said
 * stays in the help desk under the case number, because all of this is kept in clear.
 */
export type SupportRequest = { agent: string; reason: SupportReason; caseNumber: string };

export const supportReasons = [
  "customer_request",
  "technical_fault",
  "show_problem",
  "payment_problem",
  "suspected_fraud",
  "goodwill",
] as const;
export type SupportReason = (typeof supportReasons)[number];

export type SupportActionName =
  | "extend_hold"
  | "cancel"
  | "check_payments"
  | "refund"
  | "resend_tickets"
  | "retry_refund"
  | "settle_refund"
  | ShowActionName;

/** What is done to a whole show. */
export type ShowActionName =
  | "cancel_show"
  | "reschedule_show"
  | "approve_show_change"
  | "abandon_show_change"
  | "pause_show_cancellation"
  | "resume_show_cancellation";

/** What is wrong with a request, as one sentence for the person who typed it, or undefined. */
export function problemOfSupportRequest(request: unknown): string | undefined {
  const { agent, reason, caseNumber } = (request ?? {}) as Partial<Record<string, unknown>>;
  if (typeof agent !== "string" || !/^[a-z0-9][a-z0-9._-]{1,39}$/.test(agent)) {
    return "agent: your user name, 2 to 40 of a-z 0-9 . _ - (no e-mail address)";
  }
  if (!supportReasons.some((known) => known === reason)) {
    return `reason: one of ${supportReasons.join(", ")}`;
  }
  if (typeof caseNumber !== "string" || !/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(caseNumber)) {
    return "caseNumber: the help desk's number, 1 to 40 of A-Z a-z 0-9 -";
  }
  return undefined;
}
