import type { Client, ScheduleOptions } from "@temporalio/client";
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from "@temporalio/client";

/**
 * Has Temporal start a workflow again and again, one at a time; `everySeconds` 0 takes the schedule away. Every process that
 * starts may say so once more: the last one to speak is right.
 */
export async function scheduleWorkflow(
  { schedule }: Client,
  options: {
    scheduleId: string;
    workflowType: string;
    taskQueue: string;
    input: object;
    everySeconds: number;
  },
): Promise<void> {
  const { scheduleId, workflowType, taskQueue, input, everySeconds } = options;
  const handle = schedule.getHandle(scheduleId);
  if (everySeconds === 0) {
    await handle.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
    return;
  }
  const wanted: ScheduleOptions = {
    scheduleId,
    spec: { intervals: [{ every: everySeconds * 1_000 }] },
    action: { type: "startWorkflow", workflowType, taskQueue, args: [input] },
    // What was missed while Temporal was away is not made up for.
    policies: { overlap: "SKIP", catchupWindow: "1m" },
  };
  try {
    await schedule.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update((before) => ({
      ...before,
      ...wanted,
      action: { ...before.action, ...wanted.action },
    }));
  }
}
