import { defineUpdate, setHandler } from "@temporalio/workflow";

import type { SupportRequest } from "../domain/support.ts";
import { quickly } from "./activity-proxies.ts";
import { messageNames, supportHoldSecondsMax } from "./contract.ts";
import type { HoldRequests } from "./hold-requests.ts";
import type { PaymentFacts } from "./payment-facts.ts";
import { rejected } from "./rejected.ts";
import { audited, requireSupportRequest } from "./support-action.ts";

const extendUpdate = defineUpdate<string, [SupportRequest & { minutes: number }]>(
  messageNames.supportExtend,
);
const cancelUpdate = defineUpdate<string, [SupportRequest]>(messageNames.supportCancel);
const checkUpdate = defineUpdate<string, [SupportRequest]>(messageNames.supportCheck);

/** What support may do to a hold from the Temporal UI. Each act answers quickly: the UI calls 20 s without an answer a success. */
export function receiveSupportRequests(
  booking: { showId: string; bookingId: string },
  requests: HoldRequests,
  facts: PaymentFacts,
): void {
  function validator(request: SupportRequest): void {
    requireSupportRequest(request);
    requests.requireOpen();
  }

  setHandler(
    extendUpdate,
    ({ minutes, ...request }) =>
      audited(booking, "extend_hold", request, async () => {
        const { outcome } = await requests.extend(minutes * 60, supportHoldSecondsMax);
        return outcome;
      }),
    {
      description: `Support: more time, an hour in all. ${example}, "minutes": 1 to 30 }`,
      validator(request) {
        validator(request);
        if (!Number.isInteger(request.minutes) || request.minutes < 1 || request.minutes > 30) {
          throw rejected("minutes: 1 to 30");
        }
      },
    },
  );
  setHandler(
    cancelUpdate,
    (request) => audited(booking, "cancel", request, () => requests.cancel("support")),
    {
      description: `Support: give the seats back now; money that was set aside goes back too. ${example} }`,
      validator,
    },
  );
  setHandler(
    checkUpdate,
    (request) =>
      audited(booking, "check_payments", request, async () => {
        const found = await quickly((run) => run.findPaidPayments(booking));
        if (found.outcome === "unknown") return "unknown";
        for (const fact of found.paid) facts.hear(fact);
        return found.paid.length > 0 ? "paid" : "not_paid";
      }),
    {
      description: `Support: ask the provider now, and confirm the booking if it is paid. ${example} }`,
      validator,
    },
  );
}

const example = '{ "agent": "your.name", "reason": "customer_request", "caseNumber": "HD-1"';
