import { condition, defineUpdate, isCancellation, setHandler, uuid4 } from "@temporalio/workflow";

import { isOutdated } from "../domain/show-change.ts";
import type { ShowSurvey } from "../domain/show-change.ts";
import type { SupportRequest } from "../domain/support.ts";
import type { ShowApprovalRequest, ShowChangeInput } from "./contract.ts";
import { approvalSecondsMax, messageNames } from "./contract.ts";
import { rejected } from "./rejected.ts";
import type { ShowAudit } from "./show-audit.ts";
import { requireSupportRequest } from "./support-action.ts";

/** What a change would do at this moment; a kind of change may add to it. */
type DryRun = { survey: ShowSurvey };

type Decision<Dry extends DryRun> =
  { outcome: "approved"; by: string; dryRun: Dry } | { outcome: "abandoned" | "lapsed" };

type Options<Dry extends DryRun> = {
  audit: ShowAudit;
  input: ShowChangeInput;
  /** Makes the dry run, or says why the change cannot be made at all. */
  look: () => Promise<Dry | { problem: string }>;
  /** Shows it to both agents. */
  show: (dryRun: Dry, ask: { code: string; untilMs: number }) => void;
  /** An earlier run of this workflow has had the approval. */
  isApproved: boolean;
};

/**
 * Four eyes: what one agent asks for is shown with its numbers and a short code, and another agent approves it with that code. Who
 * approves when a tenth more would go back than was shown is told to look again, under a new code.
 */
export function receiveShowApproval<Dry extends DryRun>(
  options: Options<Dry>,
): {
  /** Makes the dry run and waits for a second agent. Throws what the first one is told when there is nothing to approve. */
  decide(): Promise<Decision<Dry>>;
} {
  const { audit, input } = options;
  const untilMs = Date.now() + (input.approvalSeconds ?? approvalSecondsMax) * 1_000;
  let shown: { dryRun: Dry; code: string } | undefined;
  let decision: Decision<Dry> | undefined;

  function show(dryRun: Dry): void {
    shown = { dryRun, code: uuid4().slice(0, 6) };
    options.show(dryRun, { code: shown.code, untilMs });
  }

  const approve = (request: ShowApprovalRequest) =>
    audit.act("approve_show_change", request, async () => {
      const fresh = await options.look();
      if (decision !== undefined) return decision.outcome;
      if ("problem" in fresh) return "impossible";
      // Two may have approved at once what was outdated for both: the second has not seen the new code either.
      if (shown === undefined || request.code !== shown.code) return "outdated";
      if (isOutdated(shown.dryRun.survey, fresh.survey)) {
        show(fresh);
        return "outdated";
      }
      decision = { outcome: "approved", by: request.agent, dryRun: fresh };
      return "approved";
    });
  const abandon = (request: SupportRequest) =>
    audit.act("abandon_show_change", request, async () => {
      decision ??= { outcome: "abandoned" };
      return decision.outcome;
    });

  function requireUndecided(request: SupportRequest): void {
    requireSupportRequest(request);
    const outcome = options.isApproved ? "approved" : decision?.outcome;
    if (outcome !== undefined) throw rejected(`It is ${outcome} already.`);
    if (shown === undefined) throw rejected("The dry run is not ready; try again in a second.");
  }

  receiveDecisions({ approve, abandon }, requireUndecided, (request) => {
    if (request.agent === input.agent) throw rejected("agent: another one than who asked for it");
    if (request.code !== shown?.code) throw rejected(`code: not the present one. ${lookAgain}`);
  });

  return {
    async decide() {
      const dryRun = await options.look();
      if ("problem" in dryRun) {
        await audit.close("impossible");
        throw rejected(dryRun.problem);
      }
      show(dryRun);
      try {
        await condition(() => decision !== undefined, untilMs - Date.now(), {
          summary: "approval",
        });
      } catch (error) {
        if (!isCancellation(error)) throw error;
        // "Request cancellation" in the Temporal UI.
        decision ??= { outcome: "abandoned" };
      }
      decision ??= { outcome: "lapsed" };
      return decision;
    },
  };
}

function receiveDecisions(
  handlers: {
    approve: (request: ShowApprovalRequest) => Promise<"approved" | keyof typeof refusals>;
    abandon: (request: SupportRequest) => Promise<string>;
  },
  requireUndecided: (request: SupportRequest) => void,
  requireSecond: (request: ShowApprovalRequest) => void,
): void {
  const approve = defineUpdate<string, [ShowApprovalRequest]>(messageNames.approveShowChange);
  async function approveOrRefuse(request: ShowApprovalRequest): Promise<string> {
    const outcome = await handlers.approve(request);
    // The Temporal UI shows a refusal, and calls every answer a success.
    if (outcome !== "approved") throw rejected(refusals[outcome]);
    return outcome;
  }
  setHandler(approve, approveOrRefuse, {
    description: `Support: carry it out, as another agent than the first. {"code":"…",${example}}`,
    validator(request) {
      requireUndecided(request);
      requireSecond(request);
    },
  });
  const abandon = defineUpdate<string, [SupportRequest]>(messageNames.abandonShowChange);
  setHandler(abandon, handlers.abandon, {
    description: `Support: end it with nothing changed. {${example}}`,
    validator: requireUndecided,
  });
}

const lookAgain = "Look at the current details again.";
const refusals = {
  outdated: `Nothing was done: the numbers have changed. ${lookAgain}`,
  impossible: "Nothing was done: it is not possible any more.",
  abandoned: "Nothing was done: it was abandoned a moment before.",
  lapsed: "Nothing was done: its time was over a moment before.",
} as const;
const example = '"agent":"…","reason":"…","caseNumber":"…"';
