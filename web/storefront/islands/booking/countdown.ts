/**
 * What is left of a hold, as people read it: "9:05"; "0:00" in its last second. Rounded down: the server's clock is known to a second,
 * and a hold of ten minutes shall not begin with 10:01.
 */
export function countdown(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((untilMs - nowMs) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** When what is left is said aloud, in seconds: often enough to be in time, and no more. */
const spokenSeconds = [300, 120, 60, 30, 10] as const;

/** The last moment of `spokenSeconds` that has come since the last look, if any. */
export function spokenMoment(beforeMs: number, leftMs: number): number | undefined {
  return spokenSeconds.findLast((second) => beforeMs > second * 1_000 && leftMs <= second * 1_000);
}
