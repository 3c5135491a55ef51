import { continueAsNew, proxyActivities, workflowInfo } from "@temporalio/workflow";

import type { Activities } from "../activities/index.ts";
import type { AuditInput, AuditResult } from "./contract.ts";
import { paymentsQueue } from "./contract.ts";
import { startAuditFinding } from "./start-children.ts";

/** A batch takes a second or two; a database that is busy with an opening may need its time. */
const look = proxyActivities<Activities>({
  taskQueue: paymentsQueue,
  startToCloseTimeout: "2m",
  retry: { initialInterval: "1s", backoffCoefficient: 2, maximumInterval: "1m" },
});

/**
 * Looks through the rows of all shows, one bounded batch after the other, and goes on where it stopped whatever happens to the
 * process that looks. Each booking with a broken promise gets a workflow of its own, which support sees until it is well again.
 */
export async function auditRows(input: AuditInput): Promise<AuditResult> {
  let { after, shows, violations } = input;
  for (;;) {
    const batch = await look.auditShows({ after });
    for (const one of batch.cases) await startAuditFinding(one);
    after = batch.last;
    shows += batch.shows;
    violations += batch.violations;
    if (after === null) return { shows, violations };
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof auditRows>({ after, shows, violations });
    }
  }
}
