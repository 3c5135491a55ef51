import { condition, defineUpdate, setHandler } from "@temporalio/workflow";

import type { PaymentFact } from "../domain/payment.ts";
import { problemOfSupportRequest } from "../domain/support.ts";
import type { SupportRequest } from "../domain/support.ts";
import { quick, surely } from "./activity-proxies.ts";
import type { CancelOutcome, ExtendOutcome } from "./contract.ts";
import { extensionsMax, messageNames, supportHoldSecondsMax } from "./contract.ts";
import { rejected } from "./rejected.ts";
import { audited } from "./support-action.ts";

const extendUpdate = defineUpdate<ExtendOutcome, [{ by: "buyer" | "outage" }]>(messageNames.extend);
const cancelUpdate = defineUpdate<CancelOutcome>(messageNames.cancel);
const supportExtendUpdate = defineUpdate<string, [SupportRequest & { minutes: number }]>(
  messageNames.supportExtend,
);
const supportCancelUpdate = defineUpdate<string, [SupportRequest]>(messageNames.supportCancel);
const supportCheckUpdate = defineUpdate<string, [SupportRequest]>(messageNames.supportCheck);

/** What buyer and support may ask of a hold while it waits for its payment. */
export type HoldRequests = {
  /** However the hold is extended, save by support, it ends so many seconds after its start. */
  holdSecondsMax: number;
  /** From here on there is a hold to ask things of. */
  opened(heldUntilMs: number): void;
  heldUntilMs(): number;
  /** Who wants the seats to go back, if anybody. */
  cancelledBy(): "buyer" | "support" | undefined;
  /** Lets what is under way end, and takes no more: from here on the checkout decides alone. */
  close(): Promise<void>;
  /** How the checkout ended, for those who wait to hear it. */
  ended(isCancelled: boolean): void;
};

export function receiveHoldRequests(
  booking: { showId: string; bookingId: string },
  holdSecondsMax: number,
  hear: (fact: PaymentFact) => void,
): HoldRequests {
  let state: "starting" | "open" | "closing" | "closed" = "starting";
  let heldUntilMs = 0;
  let extensions = 0;
  let underWay = 0;
  let cancelledBy: "buyer" | "support" | undefined;
  let outcome: CancelOutcome | undefined;

  async function extend(seconds: number, secondsMax: number): Promise<ExtendOutcome> {
    // A hold is not extended and released at the same time: the release waits for this.
    underWay += 1;
    try {
      const extended = await surely((run) => run.extendHold({ ...booking, seconds, secondsMax }));
      if (extended.outcome === "extended") heldUntilMs = extended.heldUntilMs;
      return extended;
    } finally {
      underWay -= 1;
    }
  }

  async function cancel(by: "buyer" | "support"): Promise<CancelOutcome> {
    cancelledBy ??= by;
    await condition(() => outcome !== undefined);
    return outcome ?? "too_late";
  }

  function requireOpen(): void {
    if (state === "starting") throw rejected("There is no hold yet; try again in a second.");
    if (state !== "open")
      throw rejected("The checkout is being decided; it takes no requests now.");
  }
  function requireSupport(request: SupportRequest): void {
    const problem = problemOfSupportRequest(request);
    if (problem !== undefined) throw rejected(problem);
    requireOpen();
  }

  setHandler(
    extendUpdate,
    async ({ by }): Promise<ExtendOutcome> => {
      // Nobody can pay: the hold is kept a minute longer each time, within the cap, and this is not the buyer's doing.
      if (by === "outage") return extend(60, holdSecondsMax);
      if (extensions >= extensionsMax) return { outcome: "refused" };
      extensions += 1;
      return extend(300, holdSecondsMax);
    },
    {
      description: "Marquee itself: the buyer asks for more time, or no provider can be reached",
      validator: (_wish) => requireOpen(),
    },
  );
  setHandler(cancelUpdate, () => cancel("buyer"), {
    description: "Marquee itself: the buyer gives the seats back",
    validator: requireOpen,
  });
  setHandler(
    supportExtendUpdate,
    ({ minutes, ...request }) =>
      audited(booking, "extend_hold", request, async () => {
        const extended = await extend(minutes * 60, supportHoldSecondsMax);
        return extended.outcome;
      }),
    {
      description:
        'Support: more time. {"agent":"…","reason":"customer_request","caseNumber":"…","minutes":1–30}; an hour in all',
      validator(request) {
        requireSupport(request);
        if (!Number.isInteger(request.minutes) || request.minutes < 1 || request.minutes > 30) {
          throw rejected("minutes: 1 to 30");
        }
      },
    },
  );
  setHandler(
    supportCancelUpdate,
    (request) => audited(booking, "cancel", request, () => cancel("support")),
    {
      description:
        'Support: give the seats back now; money goes back too. {"agent":"…","reason":"…","caseNumber":"…"}',
      validator: requireSupport,
    },
  );
  setHandler(
    supportCheckUpdate,
    (request) =>
      audited(booking, "check_payments", request, async () => {
        const found = await quick.findPaidPayments(booking);
        if (found.outcome === "unknown") return "unknown";
        for (const fact of found.paid) hear(fact);
        return found.paid.length > 0 ? "paid" : "not_paid";
      }),
    {
      description:
        'Support: ask the provider now, and confirm if it is paid. {"agent":"…","reason":"…","caseNumber":"…"}',
      validator: requireSupport,
    },
  );

  return {
    holdSecondsMax,
    opened(untilMs) {
      state = "open";
      heldUntilMs = untilMs;
    },
    heldUntilMs: () => heldUntilMs,
    cancelledBy: () => cancelledBy,
    async close() {
      state = "closing";
      if (underWay > 0) await condition(() => underWay === 0);
    },
    ended(isCancelled) {
      state = "closed";
      outcome ??= isCancelled ? "cancelled" : "too_late";
    },
  };
}
