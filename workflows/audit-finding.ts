import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineUpdate,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";

import { durable } from "./activity-proxies.ts";
import { announce } from "./announce.ts";
import type { AuditCase, AuditFindingResult } from "./contract.ts";
import { messageNames } from "./contract.ts";

/**
 * A promise that is broken, for as long as it is: one line in support's list, with what is wrong in its details. It looks again
 * every hour, or when support asks it to, and ends when nothing is wrong any more.
 */
export async function auditFinding(input: AuditCase): Promise<AuditFindingResult> {
  const asks = receiveAsks();
  for (let before = ""; ;) {
    const ask = asks.latest();
    const broken = (await durable.recheck(input)).join("; ");
    asks.answer(ask, broken === "" ? "mended" : "broken");
    if (broken === "") break;
    // The same sentence every hour would push the others out.
    if (broken !== before) announce("promise_broken", shortened(broken));
    before = broken;
    await condition(() => asks.latest() > ask, hourMs, { summary: "next look" });
    if (workflowInfo().continueAsNewSuggested && asks.latest() === ask) {
      await continueAsNew<typeof auditFinding>(input);
    }
  }
  await condition(allHandlersFinished);
  return { outcome: "mended" };
}

type Answer = "mended" | "broken";

/** Who asks is answered by a look that began after the asking. */
function receiveAsks() {
  let latest = 0;
  let answered = 0;
  let answer: Answer = "broken";
  setHandler(
    defineUpdate<Answer>(messageNames.supportLookAgain),
    async () => {
      latest += 1;
      const mine = latest;
      await condition(() => answered >= mine || answer === "mended");
      return answer;
    },
    { description: "Support: look again now; needs no input" },
  );
  return {
    latest: () => latest,
    answer(ask: number, outcome: Answer) {
      answered = ask;
      answer = outcome;
    },
  };
}

const hourMs = 3_600_000;

/** Fifteen of these lines stay well below what the Temporal UI can show. */
function shortened(sentence: string): string {
  return sentence.length <= 200 ? sentence : `${sentence.slice(0, 199)}…`;
}
