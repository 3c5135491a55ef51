import { setTimeout as delay } from "node:timers/promises";

/** What `work` brings, or an error when it has not come after `ms`. The work itself goes on; whoever started it must end it. */
export async function within<Result>(
  ms: number,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  const settled = new AbortController();
  const tooLate = delay(ms, undefined, { signal: settled.signal }).then(() => {
    throw new Error(`${what}: nothing came within ${ms} ms`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    settled.abort();
  }
}
