import { CancellationScope, defineQuery, setHandler, workflowInfo } from "@temporalio/workflow";

import { durable } from "./activity-proxies.ts";
import type {
  CancellationPlace,
  ShowCancellationInput,
  ShowCancellationResult,
  ShowChangeState,
} from "./contract.ts";
import { messageNames, showCancellationWorkflowId } from "./contract.ts";
import { rejected } from "./rejected.ts";
import { receiveShowApproval } from "./show-approval.ts";
import { createShowAudit } from "./show-audit.ts";
import { createCancellationBoard } from "./show-cancellation-board.ts";
import { receiveCancellationCalls } from "./show-cancellation-calls.ts";
import { endAllBookings } from "./show-cancellation-rounds.ts";
import { startShowChange } from "./show-change-start.ts";

/**
 * A show is called off: counted first, approved by a second agent, and then every booking of it is ended, page by page, until none
 * is left: holds go back, tickets die, and all that was paid is given back, fees included. It survives the death of any process,
 * may be paused, and leaves each refund that takes longer to a workflow of its own.
 */
export async function showCancellation(
  input: ShowCancellationInput,
): Promise<ShowCancellationResult> {
  const showId = startShowChange(input, showCancellationWorkflowId);
  const { carried } = input;
  // Typed into the form it would go round the second pair of eyes.
  if (carried !== undefined && workflowInfo().continuedFromExecutionRunId === undefined) {
    throw rejected("carried: leave it out");
  }
  const audit = createShowAudit(showId);
  const board = createCancellationBoard({ showId, askedBy: input.agent }, carried?.survey ?? null);
  const calls = receiveCancellationCalls(audit, carried, board.runs);
  const approval = receiveShowApproval({
    ...{ audit, input, show: board.asks, isApproved: carried !== undefined },
    async look() {
      const survey = await durable.surveyShow({ showId });
      return survey === "absent" ? { problem: "No such show." } : { survey };
    },
  });
  setHandler(defineQuery<ShowChangeState>(messageNames.showChange), board.state, {
    description: "The dry run with its code, and how far it has come since",
  });

  /** Nothing stops this half-way; it may be paused. */
  async function carryOut(place: CancellationPlace): Promise<ShowCancellationResult> {
    const progress = await endAllBookings({ ...input, carried: place }, { showId, board, calls });
    await audit.close("cancelled");
    board.ended("cancelled");
    return { outcome: "cancelled", approvedBy: place.approvedBy, progress };
  }

  if (carried !== undefined) {
    calls.opened();
    return CancellationScope.nonCancellable(() => carryOut(carried));
  }
  await audit.open("cancel_show", input);
  const decision = await approval.decide();
  return CancellationScope.nonCancellable(async () => {
    if (decision.outcome !== "approved") {
      await audit.close(decision.outcome);
      board.ended(decision.outcome);
      return { outcome: decision.outcome };
    }
    calls.opened();
    // From here on nobody can buy.
    await durable.cancelShow({ showId });
    const { by: approvedBy, dryRun } = decision;
    return carryOut({ ...start, approvedBy, ...dryRun, cancelledAtMs: Date.now() });
  });
}

const start = { round: 0, stage: "holds", after: null, refused: 0, isPaused: false } as const;
