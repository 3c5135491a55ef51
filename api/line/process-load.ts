import { performance } from "node:perf_hooks";

import type { ProcessLoad } from "./pace.ts";

/** Reads how busy this process was since the last reading, for something that is due every `everyMs`. */
export function createProcessLoad(everyMs: number): () => ProcessLoad {
  let dueAt = performance.now();
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.now();
    const lateMs = Math.max(now - dueAt, 0);
    dueAt = now + everyMs;
    const after = performance.eventLoopUtilization();
    const { utilization: busyShare } = performance.eventLoopUtilization(after, before);
    before = after;
    return { lateMs, busyShare };
  };
}
