import {
  CancellationScope,
  defineQuery,
  setCurrentDetails,
  setHandler,
  uuid4,
} from "@temporalio/workflow";

import type { ReschedulePlan } from "../domain/plan-reschedule.ts";
import type { ShowSurvey } from "../domain/show-change.ts";
import { durable } from "./activity-proxies.ts";
import type { ShowChangeState, ShowRescheduleInput, ShowRescheduleResult } from "./contract.ts";
import { messageNames, showRescheduleWorkflowId } from "./contract.ts";
import { receiveShowApproval } from "./show-approval.ts";
import { createShowAudit } from "./show-audit.ts";
import { showChangeDetails } from "./show-change-details.ts";
import { startShowChange } from "./show-change-start.ts";

/**
 * A show is put off, or brought forward: counted first, approved by a second agent, then changed in one transaction. Holds and
 * tickets stay valid. Whoever had tickets is told, and may give them back for a while, fees included.
 */
export async function showReschedule(input: ShowRescheduleInput): Promise<ShowRescheduleResult> {
  const showId = startShowChange(input, showRescheduleWorkflowId);
  const audit = createShowAudit(showId);
  const state: ShowChangeState = { ...surveying };
  const approval = receiveShowApproval({
    ...{ audit, input, isApproved: false },
    look: () => durable.surveyReschedule({ showId, ...wishOf(input) }),
    show(dryRun, ask) {
      const { survey } = dryRun;
      Object.assign(state, { phase: "awaiting_approval", survey, code: ask.code });
      setCurrentDetails(
        [
          showChangeDetails.ask(ask, input.agent),
          showChangeDetails.survey(survey),
          planDetails(input, dryRun),
        ].join("\n\n"),
      );
    },
  });
  setHandler(defineQuery<ShowChangeState>(messageNames.showChange), () => state, {
    description: "The dry run with its code",
  });

  await audit.open("reschedule_show", input);
  const decision = await approval.decide();
  return CancellationScope.nonCancellable(async () => {
    Object.assign(state, { phase: "running", code: null });
    if (decision.outcome === "approved") await carryOut(showId, decision.dryRun.plan);
    const outcome = decision.outcome === "approved" ? "rescheduled" : decision.outcome;
    await audit.close(outcome);
    state.phase = "ended";
    if (decision.outcome !== "approved") {
      setCurrentDetails(`**${decision.outcome}**: nothing was changed.`);
      return { outcome: decision.outcome };
    }
    const { by: approvedBy, dryRun } = decision;
    setCurrentDetails(["**Done.** Everybody is told.", planDetails(input, dryRun)].join("\n\n"));
    return { outcome: "rescheduled", approvedBy, startsAtMs: dryRun.plan.startsAtMs };
  });
}

const surveying: ShowChangeState = {
  ...{ phase: "surveying", survey: null, code: null, progress: null, refused: [] },
};

async function carryOut(showId: string, plan: ReschedulePlan): Promise<void> {
  const changeId = uuid4();
  await durable.rescheduleShow({ showId, changeId, ...plan });
  let page: { after: string | null } = { after: null };
  do {
    page = await durable.tellOfReschedule({ showId, changeId, after: page.after, limit: 1_000 });
  } while (page.after !== null);
}

function wishOf({ startsAt, salesOpenAt, salesCloseAt, refundUntil }: ShowRescheduleInput) {
  return { startsAt, salesOpenAt, salesCloseAt, refundUntil };
}

/** On the venue's clock, as it was typed; the rest follows from it. */
function planDetails(
  { startsAt, refundUntil }: ShowRescheduleInput,
  { survey, plan }: { survey: ShowSurvey; plan: ReschedulePlan },
): string {
  const { utc } = showChangeDetails;
  return [
    `- from ${survey.localStart} to **${startsAt.replace("T", " ")}** (${utc(plan.startsAtMs)} UTC)`,
    `- sales: ${utc(plan.salesOpenAtMs)} to ${utc(plan.salesCloseAtMs)} UTC`,
    `- who has booked before may give tickets back, fees included, until ${refundUntil.replace("T", " ")}`,
  ].join("\n");
}
