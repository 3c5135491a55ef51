import { condition, defineUpdate, setHandler } from "@temporalio/workflow";

import type { SupportRequest } from "../domain/support.ts";
import { messageNames } from "./contract.ts";
import { rejected } from "./rejected.ts";
import type { ShowAudit } from "./show-audit.ts";
import { requireSupportRequest } from "./support-action.ts";

/** How support stops a cancellation for a while, and has it go on. */
export type CancellationCalls = {
  /** From here on there is something to stop. */
  opened(): void;
  isPaused(): boolean;
  /** Waits while it is paused. */
  whilePaused(): Promise<void>;
  /** Waits for so long, or until it is told to go on. */
  rest(ms: number): Promise<void>;
};

/** `tell` shows at once what was asked for. `carried` comes from an earlier run of the workflow. */
export function receiveCancellationCalls(
  audit: ShowAudit,
  carried: { isPaused: boolean } | undefined,
  tell: (isPaused: boolean) => void,
): CancellationCalls {
  let isOpen = false;
  let isPaused = carried?.isPaused ?? false;
  let isCalled = false;

  function requireOpen(request: SupportRequest): void {
    requireSupportRequest(request);
    if (!isOpen) throw rejected("It is not approved yet.");
    if (audit.isClosed()) throw rejected("It is done.");
  }
  setHandler(
    defineUpdate<string, [SupportRequest]>(messageNames.pauseShowCancellation),
    (request) =>
      audit.act("pause_show_cancellation", request, async () => {
        isPaused = true;
        tell(isPaused);
        return "paused";
      }),
    {
      description: `Support: stop after the present page of bookings. Refunds that are under way go on. ${example}`,
      validator: requireOpen,
    },
  );
  setHandler(
    defineUpdate<string, [SupportRequest]>(messageNames.resumeShowCancellation),
    (request) =>
      audit.act("resume_show_cancellation", request, async () => {
        isPaused = false;
        isCalled = true;
        tell(isPaused);
        return "resumed";
      }),
    { description: `Support: go on, or look again now. ${example}`, validator: requireOpen },
  );

  return {
    opened() {
      isOpen = true;
    },
    isPaused: () => isPaused,
    async whilePaused() {
      if (isPaused) await condition(() => !isPaused);
    },
    async rest(ms) {
      isCalled = false;
      await condition(() => isCalled, ms, { summary: "next look" });
    },
  };
}

const example = '{"agent":"…","reason":"…","caseNumber":"…"}';
