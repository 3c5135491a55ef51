import { allHandlersFinished, condition, currentUpdateInfo } from "@temporalio/workflow";

import type { ShowActionName, SupportRequest } from "../domain/support.ts";
import { surely } from "./activity-proxies.ts";
import { actionIdOf } from "./support-action.ts";

/** The trace of a change of a show: the change itself from its start to its end, and each act of support on the way. */
export type ShowAudit = {
  open(action: ShowActionName, request: SupportRequest): Promise<void>;
  act<Outcome extends string>(
    action: ShowActionName,
    request: SupportRequest,
    work: () => Promise<Outcome>,
  ): Promise<Outcome>;
  /** Answers whoever has asked for something, then writes down how the change has ended. No act is begun after this. */
  close(outcome: string): Promise<void>;
  isClosed(): boolean;
};

export function createShowAudit(showId: string): ShowAudit {
  let isBusy = false;
  let isClosed = false;

  /** Acts are done one after the other, each from its first mark to its last. */
  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    while (isBusy) await condition(() => !isBusy);
    isBusy = true;
    try {
      return await work();
    } finally {
      isBusy = false;
    }
  }
  async function write(actionId: string, action: ShowActionName, request: SupportRequest) {
    const { agent, reason, caseNumber } = request;
    await surely((run) =>
      run.openSupportAction({ showId, actionId, action, agent, reason, caseNumber }),
    );
  }
  return {
    isClosed: () => isClosed,
    open: (action, request) => inTurn(() => write(actionIdOf("start"), action, request)),
    act(action, request, work) {
      const actionId = actionIdOf(currentUpdateInfo()?.id ?? "");
      return inTurn(async () => {
        await write(actionId, action, request);
        const outcome = await work();
        await surely((run) => run.closeSupportAction({ showId, actionId, outcome }));
        return outcome;
      });
    },
    async close(outcome) {
      isClosed = true;
      await condition(allHandlersFinished);
      const actionId = actionIdOf("start");
      await surely((run) => run.closeSupportAction({ showId, actionId, outcome }));
    },
  };
}
