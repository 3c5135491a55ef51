import { setTimeout as delay } from "node:timers/promises";

import type { Client, WorkflowHandle } from "@temporalio/client";
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from "@temporalio/client";
import { ApplicationFailure, WorkflowNotFoundError } from "@temporalio/common";

import { showIds } from "../../domain/ids.ts";
import type {
  ShowCancellationCall,
  ShowChangeAnswer,
  ShowChangeDecision,
  ShowChangeKind,
  ShowChangeWish,
} from "../../domain/show-change.ts";
import type { SupportRequest } from "../../domain/support.ts";
import type { ShowChangeState } from "../../workflows/contract.ts";
import {
  checkoutQueue,
  messageNames,
  showCancellationWorkflowId,
  showRescheduleWorkflowId,
  workflowTypes,
} from "../../workflows/contract.ts";

/** Below what the API waits for. */
const answerMsMax = 4_500;
const lookEveryMs = 100;

/** The changes of whole shows, for organisers: the workflows that support starts by hand. */
export function createShowChanges(temporal: Client) {
  const inTime = <Answer>(ask: () => Promise<Answer>) =>
    temporal.withDeadline(Date.now() + answerMsMax, ask);
  return {
    start: (wish: ShowChangeWish) => inTime(() => start(temporal, wish)),
    read: (change: { showId: string; kind: ShowChangeKind }) =>
      inTime(() => read(handleOf(temporal, change))),
    decide: (decision: ShowChangeDecision) => inTime(() => decide(temporal, decision)),
    call: (call: ShowCancellationCall) => inTime(() => callCancellation(temporal, call)),
  };
}

async function start(temporal: Client, wish: ShowChangeWish): Promise<ShowChangeAnswer> {
  const { kind, askedBy, startsAt, refundUntil } = wish;
  const showId = showIds.encode(wish.showId);
  const times = { ...(startsAt && { startsAt }), ...(refundUntil && { refundUntil }) };
  try {
    await temporal.workflow.start(kinds[kind].type, {
      workflowId: kinds[kind].workflowId(showId),
      taskQueue: checkoutQueue,
      args: [{ showId, ...requestOf(askedBy), ...times }],
      // What the page shows beside the numbers; a change that support has begun has none.
      memo: { askedBy, ...times },
      workflowIdReusePolicy: "ALLOW_DUPLICATE",
      workflowIdConflictPolicy: "FAIL",
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { outcome: "running" };
    throw error;
  }
  return readSurveyed(handleOf(temporal, wish));
}

/** The dry run takes a moment. */
async function readSurveyed(handle: WorkflowHandle): Promise<ShowChangeAnswer> {
  const untilMs = Date.now() + answerMsMax / 2;
  for (;;) {
    const answer = await read(handle);
    const isSurveying = answer.outcome === "there" && answer.phase === "surveying";
    if (!isSurveying || Date.now() > untilMs) return answer;
    await delay(lookEveryMs);
  }
}

async function read(handle: WorkflowHandle): Promise<ShowChangeAnswer> {
  try {
    const { status, memo } = await handle.describe();
    const result = status.name === "RUNNING" ? null : await outcomeOf(handle);
    const { phase, code, survey, progress } = await handle.query<ShowChangeState>(
      messageNames.showChange,
    );
    return {
      ...{ outcome: "there", phase: result === null ? phase : "ended" },
      ...{ code, survey, progress, result },
      askedBy: textOf(memo?.["askedBy"]),
      startsAt: textOf(memo?.["startsAt"]),
      refundUntil: textOf(memo?.["refundUntil"]),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: "absent" };
    if (error instanceof WorkflowFailedError) return refused(error);
    throw error;
  }
}

async function outcomeOf(handle: WorkflowHandle): Promise<string> {
  const { outcome } = (await handle.result()) as { outcome: string };
  return outcome;
}

async function decide(
  temporal: Client,
  { decidedBy, code, ...change }: ShowChangeDecision,
): Promise<ShowChangeAnswer> {
  const handle = handleOf(temporal, change);
  const request = requestOf(decidedBy);
  return code === undefined
    ? update(handle, messageNames.abandonShowChange, request)
    : update(handle, messageNames.approveShowChange, { ...request, code });
}

async function callCancellation(
  temporal: Client,
  { showId, calledBy, call }: ShowCancellationCall,
): Promise<ShowChangeAnswer> {
  const handle = handleOf(temporal, { showId, kind: "cancellation" });
  const name =
    call === "pause" ? messageNames.pauseShowCancellation : messageNames.resumeShowCancellation;
  return update(handle, name, requestOf(calledBy));
}

/** How the change stands once it has been told. */
async function update(
  handle: WorkflowHandle,
  name: string,
  request: SupportRequest & { code?: string },
): Promise<ShowChangeAnswer> {
  try {
    await handle.executeUpdate(name, { args: [request] });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { outcome: "absent" };
    if (error instanceof WorkflowUpdateFailedError) return refused(error);
    throw error;
  }
  return read(handle);
}

function refused({ cause }: { cause?: unknown }): ShowChangeAnswer {
  const problem = cause instanceof ApplicationFailure ? cause.message : "It has failed";
  return { outcome: "refused", problem };
}

/** Organisers act under their user ids. Why is theirs to know. */
function requestOf(userId: string): SupportRequest {
  return { agent: userId, reason: "show_problem", caseNumber: "desk" };
}

function handleOf(
  temporal: Client,
  { showId, kind }: { showId: string; kind: ShowChangeKind },
): WorkflowHandle {
  return temporal.workflow.getHandle(kinds[kind].workflowId(showIds.encode(showId)));
}

const kinds = {
  cancellation: { type: workflowTypes.showCancellation, workflowId: showCancellationWorkflowId },
  reschedule: { type: workflowTypes.showReschedule, workflowId: showRescheduleWorkflowId },
} as const;

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
