import { setTimeout as delay } from "node:timers/promises";

/** Asks again until `attempt` returns something other than undefined or false; its last error is thrown at the end. */
export async function eventually<Result>(
  attempt: () => Promise<Result | undefined | false>,
  waitMsMax = 10_000,
): Promise<Result> {
  const giveUpAt = performance.now() + waitMsMax;
  let lastError: unknown = new Error(`Nothing came within ${waitMsMax} ms`);
  while (performance.now() < giveUpAt) {
    try {
      const result = await attempt();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      lastError = error;
    }
    await delay(25);
  }
  throw lastError;
}
