import { continueAsNew, sleep, workflowInfo } from "@temporalio/workflow";

import { paged } from "./activity-proxies.ts";
import type { SweepInput, SweepResult } from "./contract.ts";

/**
 * Releases the holds that their workflows have not released when their grace was over, page after page: somebody has terminated the
 * checkout, or it is lost. Whoever wants the seats gets them without this; the sweep makes seat maps and buyers' limits true again.
 */
export async function sweepHolds(input: SweepInput): Promise<SweepResult> {
  let { after, released, left } = input;
  for (;;) {
    const page = await paged.sweepOverdueHolds({ after, ...pageSize });
    after = page.after;
    released += page.released;
    left += page.left;
    if (after === null) return { released, left };
    await sleep(pauseMs);
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof sweepHolds>({ after, released, left });
    }
  }
}

/** A release is one transaction of a few milliseconds; where a payment was begun, a provider is asked first. */
const pageSize = { limit: 100, atOnce: 4 } as const;
/** Thousands are overdue at once only after a disaster, and buyers come first then: a hundred a second at the most. */
const pauseMs = 1_000;
