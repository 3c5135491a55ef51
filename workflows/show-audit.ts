import { currentUpdateInfo, workflowInfo } from "@temporalio/workflow";

import type { ShowActionName, SupportRequest } from "../domain/support.ts";
import { surely } from "./activity-proxies.ts";

/**
 * The trace of what is done to a whole show. The same workflow id may be started again on another day, so the first run's id is
 * in the name of each act.
 */
export async function auditShowAct<Outcome extends string>(
  showId: string,
  action: ShowActionName,
  request: SupportRequest,
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  const actionId = actionIdOf(currentUpdateInfo()?.id ?? "start");
  await openAct(showId, actionId, action, request);
  const outcome = await act();
  await surely((run) => run.closeSupportAction({ showId, actionId, outcome }));
  return outcome;
}

/** The change itself is one act from its start to its end, over all runs of the workflow. */
export async function openChange(
  showId: string,
  action: ShowActionName,
  request: SupportRequest,
): Promise<void> {
  await openAct(showId, actionIdOf("start"), action, request);
}

export async function closeChange(showId: string, outcome: string): Promise<void> {
  const actionId = actionIdOf("start");
  await surely((run) => run.closeSupportAction({ showId, actionId, outcome }));
}

async function openAct(
  showId: string,
  actionId: string,
  action: ShowActionName,
  { agent, reason, caseNumber }: SupportRequest,
): Promise<void> {
  await surely((run) =>
    run.openSupportAction({ showId, actionId, action, agent, reason, caseNumber }),
  );
}

function actionIdOf(act: string): string {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return [workflowId, firstExecutionRunId, act].join("/");
}
