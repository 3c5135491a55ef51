import { upsertSearchAttributes, workflowInfo } from "@temporalio/workflow";

import { showIds } from "../domain/ids.ts";
import { approvalSecondsMax } from "./contract.ts";
import type { ShowChangeInput } from "./contract.ts";
import { rejected } from "./rejected.ts";
import { showIdKey } from "./search-attributes.ts";
import { requireSupportRequest } from "./support-action.ts";

/**
 * Checks what was typed into the form before anything happens, and returns the show's own id. The workflow's id must be the one of
 * this change: so Temporal itself keeps a second one from running beside it.
 */
export function startShowChange(
  input: ShowChangeInput,
  workflowIdOf: (showId: string) => string,
): string {
  requireSupportRequest(input);
  const showId = decodeShowId(input.showId);
  const { approvalSeconds = approvalSecondsMax } = input;
  if (
    !Number.isInteger(approvalSeconds) ||
    approvalSeconds < 1 ||
    approvalSeconds > approvalSecondsMax
  ) {
    throw rejected(`approvalSeconds: 1 to ${approvalSecondsMax}, or leave it out`);
  }
  const wanted = workflowIdOf(input.showId);
  if (workflowInfo().workflowId !== wanted) {
    throw rejected(`Start it again with ${wanted} as the workflow id. Nothing was done.`);
  }
  upsertSearchAttributes([{ key: showIdKey, value: input.showId }]);
  return showId;
}

function decodeShowId(text: unknown): string {
  try {
    return showIds.decode(String(text));
  } catch {
    throw rejected("showId: the show's public id, as sh_…");
  }
}
