import { expect } from "@jest/globals";
import type { WorkflowHandle } from "@temporalio/client";

import { showIds } from "../domain/ids.ts";
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
import { auditShowRefunds } from "./audit-show-refunds.ts";
import { eventually } from "./eventually.ts";
import { plantSoldShow } from "./plant-sold-show.ts";
import { openShop } from "./shop.ts";
import type { ShopWishes } from "./shop.ts";

/** Who asks for a change of a show, and who approves it. */
export const first: SupportRequest = {
  ...{ agent: "m.ortiz", reason: "show_problem", caseNumber: "HD-7" },
};
export const second: SupportRequest = { ...first, agent: "k.osei" };

/** How a refused request ends for who has made it. */
export const refusal = (sentence: RegExp) => ({
  cause: { message: expect.stringMatching(sentence) },
});

export type ShowChangeHouse = Awaited<ReturnType<typeof openShowChangeHouse>>;

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

/** A shop with a desk for changes of shows. `showId` is the public one everywhere in here. */
export async function openShowChangeHouse(wishes?: ShopWishes) {
  // As fast as the sandbox is: how Stripe's own pace is kept, adapters/stripe/ proves.
  const settings = { STRIPE_CALLS_PER_SECOND: "1000" };
  const shop = await openShop({ settings, ...wishes });
  const { db, temporal, stripe } = shop;

  async function begin<Result>(type: string, workflowId: string, order: object) {
    const started = { workflowId, taskQueue: checkoutQueue, args: [{ ...first, ...order }] };
    return changeOf<Result>(await temporal.start(type, started));
  }

  return {
    ...shop,
    cancel: (showId: string, more?: object) =>
      begin<ShowCancellationResult>(
        workflowTypes.showCancellation,
        showCancellationWorkflowId(showId),
        { showId, ...more },
      ),
    reschedule: (showId: string, more: object) =>
      begin<ShowRescheduleResult>(workflowTypes.showReschedule, showRescheduleWorkflowId(showId), {
        showId,
        ...more,
      }),

    async plantSold(bookings: number): Promise<string> {
      return showIds.encode(await plantSoldShow(db, stripe, bookings));
    },

    /** The statement's `$1` is the show. */
    async rowsOf<Row extends object>(showId: string, statement: string): Promise<Row[]> {
      return (await db.query<Row>(statement, [showIds.decode(showId)])).rows;
    },

    async audit(showId: string) {
      return auditShowRefunds(db, showIds.decode(showId), await stripe.ledger());
    },
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
