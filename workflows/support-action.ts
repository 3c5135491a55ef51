import { currentUpdateInfo, workflowInfo } from "@temporalio/workflow";

import type { SupportActionName, SupportRequest } from "../domain/support.ts";
import { problemOfSupportRequest } from "../domain/support.ts";
import { surely } from "./activity-proxies.ts";
import { rejected } from "./rejected.ts";

/** Does what support asks for between two marks in the audit: who, why and what, and then how it ended. */
export async function audited<Outcome extends string>(
  booking: { showId: string; bookingId: string },
  action: SupportActionName,
  { agent, reason, caseNumber }: SupportRequest,
  act: (actionId: string) => Promise<Outcome>,
): Promise<Outcome> {
  const actionId = [workflowInfo().workflowId, currentUpdateInfo()?.id ?? "start"].join("/");
  await surely((run) =>
    run.openSupportAction({ ...booking, actionId, action, agent, reason, caseNumber }),
  );
  const outcome = await act(actionId);
  await surely((run) => run.closeSupportAction({ showId: booking.showId, actionId, outcome }));
  return outcome;
}

/** Throws what the agent is told. A stale editor of the Temporal UI submits `null`. */
export function requireSupportRequest(request: unknown): void {
  const problem = problemOfSupportRequest(request);
  if (problem !== undefined) throw rejected(problem);
}
