import { condition, defineSignal, defineUpdate, setHandler } from "@temporalio/workflow";

import type { SupportRequest } from "../domain/support.ts";
import { durable, surely } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { RefundInput, RefundResult } from "./contract.ts";
import { messageNames } from "./contract.ts";
import { audited, requireSupportRequest } from "./support-action.ts";

/**
 * Money on its way back: asked for, asked about until the provider has decided, and asked for again, for as many days as that
 * takes. Support may hurry it, or say that the money was given back in another way.
 */
export async function refund(input: RefundInput): Promise<RefundResult> {
  const calls = receiveRefundCalls(input);
  for (let failures = 0; ;) {
    calls.answered();
    const driven = await durable.driveRefund(input);
    const { status: outcome, attempt } = driven;
    if (outcome === "succeeded" || outcome === "settled") {
      // News in the very moment of the success may say that it was none.
      if (calls.hasNews()) continue;
      announce("refunded", "The money is back.");
      return { outcome, attempts: attempt };
    }
    if (driven.failure === undefined) {
      announce("refunding", "The provider has accepted the refund and has not paid it out yet.");
      await calls.newsOr(hourMs);
    } else {
      failures += 1;
      const status = failures < stuckAfter ? "refunding" : "refund_stuck";
      announce(status, `Attempt ${attempt - 1} failed: ${failureWords[driven.failure]}.`);
      // Each failed attempt makes news of its own: to follow them would be to try without a pause.
      await calls.hurryOr(pauseMs(failures));
    }
  }
}

function receiveRefundCalls(input: RefundInput) {
  let hasNews = false;
  let isHurried = false;
  setHandler(
    defineSignal(messageNames.refundNews),
    () => {
      hasNews = true;
    },
    { description: "Marquee itself: the provider has news of this refund" },
  );
  setHandler(
    defineUpdate<string, [SupportRequest]>(messageNames.supportRetryRefund),
    (request) =>
      audited(input, "retry_refund", request, async () => {
        isHurried = true;
        return "retried";
      }),
    {
      description: 'Support: try again now. {"agent":"…","reason":"…","caseNumber":"…"}',
      validator: requireSupportRequest,
    },
  );
  setHandler(
    defineUpdate<string, [SupportRequest]>(messageNames.supportSettleRefund),
    (request) =>
      audited(input, "settle_refund", request, async () => {
        const { status } = await surely((run) => run.settleRefundByHand(input));
        isHurried = true;
        return status;
      }),
    {
      description:
        'Support: the money was given back in another way; stop asking. {"agent":"…","reason":"…","caseNumber":"…"}',
      validator: requireSupportRequest,
    },
  );
  return {
    /** Whoever called before a step is answered by it. */
    answered() {
      hasNews = false;
      isHurried = false;
    },
    hasNews: () => hasNews,
    async newsOr(ms: number): Promise<void> {
      await condition(() => hasNews || isHurried, ms, { summary: "ask again" });
    },
    async hurryOr(ms: number): Promise<void> {
      await condition(() => isHurried, ms, { summary: "next attempt" });
    },
  };
}

const minuteMs = 60_000;
/** A pending refund's webhook mostly comes first; a provider that sends none (PayPal) is asked every hour. */
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** After so many failures in a row support sees the refund in its own list. */
const stuckAfter = 3;

/** An empty balance is filled within hours, a dispute takes weeks: 15 minutes, then twice as long each time, up to a day. */
function pauseMs(failures: number): number {
  return Math.min(15 * minuteMs * 2 ** (failures - 1), dayMs);
}

const failureWords = {
  balance: "the balance at the provider is too low",
  dispute: "the customer's bank has opened a dispute",
  provider: "the provider gives no other reason",
} as const;
