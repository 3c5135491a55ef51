import { activityInfo } from "@temporalio/activity";

import type { HoldOutcome } from "../../domain/hold.ts";

/**
 * The hold as the first task of its checkout hears of it: not before `letOthersBegin` resolves. The buyer has their answer from the
 * request, which has begun the same hold; what the task leads to is as much work for Temporal as the start of another checkout, and
 * those who still choose would wait behind it. What is refused or fails is heard of at once, and so is what is asked for again.
 */
export function hearOfHoldLater<Input>(
  holdSeats: (input: Input) => Promise<HoldOutcome>,
  letOthersBegin: () => Promise<void>,
  attempt = () => activityInfo().attempt,
): (input: Input) => Promise<HoldOutcome> {
  return async (input) => {
    const othersHaveBegun = attempt() === 1 ? letOthersBegin() : undefined;
    const outcome = await holdSeats(input);
    if (outcome.outcome === "held") await othersHaveBegun;
    return outcome;
  };
}
