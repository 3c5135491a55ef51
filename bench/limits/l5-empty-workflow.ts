import type { House } from "../house.ts";
import { startEagerly, workflowLimits } from "./workflow-limits.ts";

/** L5: a workflow that does nothing, started eagerly, until its result is here. */
export async function emptyWorkflow(house: House): Promise<() => Promise<boolean>> {
  const { client } = await workflowLimits(house);
  return async () => {
    const handle = await startEagerly(client, "empty");
    return (await handle.result()) === "done";
  };
}
