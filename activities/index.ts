import { createLateMoneyActivities } from "./late-money.ts";
import { createPaymentActivities } from "./payments.ts";
import type { PaymentDependencies } from "./payments.ts";
import { createRefundActivities } from "./refunds.ts";
import { createSeatActivities } from "./seats.ts";
import type { SeatDependencies } from "./seats.ts";
import { createSettleActivities } from "./settle-payments.ts";
import { createShowChangeActivities } from "./show-changes.ts";
import type { ShowChangeDependencies } from "./show-changes.ts";
import { createShowRescheduleActivities } from "./show-reschedules.ts";
import { createSupportActivities } from "./support.ts";

export type ActivityDependencies = SeatDependencies & PaymentDependencies & ShowChangeDependencies;

/** Every effect a workflow may cause. Each is safe to run twice; each says why. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    ...createSeatActivities(dependencies),
    ...createPaymentActivities(dependencies),
    ...createSettleActivities(dependencies),
    ...createRefundActivities(dependencies),
    ...createLateMoneyActivities(dependencies),
    ...createSupportActivities(dependencies),
    ...createShowChangeActivities(dependencies),
    ...createShowRescheduleActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
