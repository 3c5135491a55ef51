import { createAuditActivities } from "./audit.ts";
import type { AuditDependencies } from "./audit.ts";
import { createLateMoneyActivities } from "./late-money.ts";
import { createPaymentActivities } from "./payments.ts";
import type { PaymentDependencies } from "./payments.ts";
import { createReminderActivities } from "./reminders.ts";
import type { ReminderDependencies } from "./reminders.ts";
import { createRefundActivities } from "./refunds.ts";
import { createSeatActivities } from "./seats.ts";
import type { SeatDependencies } from "./seats.ts";
import { createSettleActivities } from "./settle-payments.ts";
import { createShowChangeActivities } from "./show-changes.ts";
import type { ShowChangeDependencies } from "./show-changes.ts";
import { createShowRescheduleActivities } from "./show-reschedules.ts";
import { createSupportActivities } from "./support.ts";
import { createSweepActivities } from "./sweep-holds.ts";
import type { SweepDependencies } from "./sweep-holds.ts";
import { createWaitingListActivities } from "./waiting-list.ts";
import type { WaitingListDependencies } from "./waiting-list.ts";

export type ActivityDependencies = SeatDependencies & PaymentDependencies;

/** The effects of a sale: run inside a workflow task, or on the payments queue. Each is safe to run twice; each says why. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    ...createSeatActivities(dependencies),
    ...createPaymentActivities(dependencies),
    ...createSettleActivities(dependencies),
    ...createRefundActivities(dependencies),
    ...createLateMoneyActivities(dependencies),
    ...createSupportActivities(dependencies),
  };
}

/** Long work, which only the payments queue runs. */
export function createLongActivities(
  dependencies: AuditDependencies &
    ShowChangeDependencies &
    ReminderDependencies &
    SweepDependencies &
    WaitingListDependencies,
) {
  return {
    ...createAuditActivities(dependencies),
    ...createReminderActivities(dependencies),
    ...createShowChangeActivities(dependencies),
    ...createShowRescheduleActivities(dependencies),
    ...createSweepActivities(dependencies),
    ...createWaitingListActivities(dependencies),
  };
}

export type SaleActivities = ReturnType<typeof createActivities>;
export type Activities = SaleActivities & ReturnType<typeof createLongActivities>;
