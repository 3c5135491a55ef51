import { continueAsNew, sleep, workflowInfo } from "@temporalio/workflow";

import { paged } from "./activity-proxies.ts";
import type { RemindInput, RemindResult } from "./contract.ts";

/**
 * Has the buyers of all shows of tomorrow reminded, page after page. What it needs to know stands in the rows of the shows: a show that is
 * put off or cancelled meanwhile is left out by itself, and one that is terminated is made up for by the next.
 */
export async function remindBuyers(input: RemindInput): Promise<RemindResult> {
  let { reminded } = input;
  for (;;) {
    const page = await paged.remindBuyers(pageSize);
    reminded += page.reminded;
    if (page.isEnd) return { reminded };
    await sleep(pauseMs);
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof remindBuyers>({ reminded });
    }
  }
}

/**
 * Ten shows, twenty buyers each: reminders go the way of all events, and whoever has just paid must not wait behind thousands of them
 * for their tickets. A hall of 20,000 seats, two a booking, is then told within nine minutes, and a million bookings in an hour and a
 * half.
 */
const pageSize = { shows: 10, buyers: 20, atOnce: 4 } as const;
const pauseMs = 1_000;
