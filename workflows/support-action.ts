import { currentUpdateInfo, workflowInfo } from "@temporalio/workflow";

import { bookingIds } from "../domain/ids.ts";
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
  const actionId = actionIdOf(currentUpdateInfo()?.id ?? "start");
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

/** A workflow id may be started again on another day: the first run's id keeps its acts apart from those. */
export function actionIdOf(act: string): string {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const actionId = [workflowId, firstExecutionRunId, act].join("/");
  if (actionId.length > actionIdLengthMax) throw rejected("Choose a shorter workflow id.");
  return actionId;
}

/** What the column takes. */
const actionIdLengthMax = 200;

/** The booking that is meant by the public id that somebody typed. */
export function decodeBookingId(text: unknown): { showId: string; bookingId: string } {
  try {
    const { id: bookingId, showId } = bookingIds.decode(String(text));
    return { showId, bookingId };
  } catch {
    throw rejected("bookingId: the booking's public id, as bk_…");
  }
}
