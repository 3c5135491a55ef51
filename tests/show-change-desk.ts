import { expect } from "@jest/globals";
import { Connection, WorkflowClient } from "@temporalio/client";
import type { WorkflowHandle } from "@temporalio/client";

import type { SupportRequest } from "../domain/support.ts";
import type {
  ShowCancellationResult,
  ShowChangeState,
  ShowRescheduleResult,
} from "../workflows/contract.ts";
import {
  checkoutQueue,
  messageNames,
  showCancellationWorkflowId,
  showRescheduleWorkflowId,
  workflowTypes,
} from "../workflows/contract.ts";
import { eventually } from "./eventually.ts";

/** Who asks for a change of a show, and who approves it. */
export const first: SupportRequest = {
  ...{ agent: "m.ortiz", reason: "show_problem", caseNumber: "HD-7" },
};
export const second: SupportRequest = { ...first, agent: "k.osei" };

/** How a refused request ends for who has made it. */
export const refusal = (sentence: RegExp) => ({
  cause: { message: expect.stringMatching(sentence) },
});

/** A change of a show, as its agents have it in the Temporal UI. */
export type ShowChange<Result> = {
  handle: WorkflowHandle;
  state(): Promise<ShowChangeState>;
  details(): Promise<string>;
  /** The state once the dry run is there. */
  asks(): Promise<ShowChangeState>;
  update(name: string, request: unknown): Promise<string>;
  approve(request?: object): Promise<string>;
  pause(): Promise<string>;
  resume(): Promise<string>;
  result(): Promise<Result>;
};

export type ShowChangeDesk = {
  temporal: WorkflowClient;
  cancel(showId: string, more?: object): Promise<ShowChange<ShowCancellationResult>>;
  reschedule(showId: string, more: object): Promise<ShowChange<ShowRescheduleResult>>;
  close(): Promise<void>;
};

/** `showId` is the public one everywhere in here. */
export async function openDesk(address: string, namespace: string): Promise<ShowChangeDesk> {
  const connection = await Connection.connect({ address });
  const temporal = new WorkflowClient({ connection, namespace });
  return {
    temporal,
    async cancel(showId, more) {
      const handle = await temporal.start(workflowTypes.showCancellation, {
        workflowId: showCancellationWorkflowId(showId),
        taskQueue: checkoutQueue,
        args: [{ showId, ...first, ...more }],
      });
      return changeOf(handle);
    },
    async reschedule(showId, more) {
      const handle = await temporal.start(workflowTypes.showReschedule, {
        workflowId: showRescheduleWorkflowId(showId),
        taskQueue: checkoutQueue,
        args: [{ showId, ...first, ...more }],
      });
      return changeOf(handle);
    },
    close: () => connection.close(),
  };
}

function changeOf<Result>(handle: WorkflowHandle): ShowChange<Result> {
  const state = () => handle.query<ShowChangeState>(messageNames.showChange);
  const asks = () =>
    eventually(async () => {
      const now = await state();
      return now.code !== null && now;
    }, 30_000);
  const update = (name: string, request: unknown) =>
    handle.executeUpdate<string, [unknown]>(name, { args: [request] });
  return {
    ...{ handle, state, asks, update },
    async details() {
      const metadata = await handle.query<{ currentDetails: string }>(
        "__temporal_workflow_metadata",
      );
      return metadata.currentDetails;
    },
    async approve(request = {}) {
      const { code } = await asks();
      return update(messageNames.approveShowChange, { ...second, code, ...request });
    },
    pause: () => update(messageNames.pauseShowCancellation, second),
    resume: () => update(messageNames.resumeShowCancellation, second),
    result: () => handle.result() as Promise<Result>,
  };
}
