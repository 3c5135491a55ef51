/** Every workflow type, by the name that `workflowTypes` in contract.ts gives it. This file is what the worker bundles. */
export { auditFinding } from "./audit-finding.ts";
export { auditRows } from "./audit-rows.ts";
export { checkout } from "./checkout.ts";
export { latePayment } from "./late-payment.ts";
export { refund } from "./refund.ts";
export { remindBuyers } from "./remind-buyers.ts";
export { showCancellation } from "./show-cancellation.ts";
export { showReschedule } from "./show-reschedule.ts";
export { supportRefund } from "./support-refund.ts";
export { supportResend } from "./support-resend.ts";
export { sweepHolds } from "./sweep-holds.ts";
export { waitingList } from "./waiting-list.ts";
