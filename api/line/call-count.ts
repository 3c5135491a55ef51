type Turn = { at: number; served: number };

/**
 * How fast a line moves: people called a minute, as its last twenty calls show, or its last minute when there were fewer. An
 * opening calls hundreds in its first seconds and then one for each who leaves: who is told the pace of a whole minute comes back
 * each second for nothing.
 */
export function createCallCount(): { hear(served: number): void; perMinute(): number } {
  let seen: Turn[] = [];
  return {
    hear(served) {
      const at = performance.now();
      seen = [...seen.filter((earlier) => at - earlier.at < windowMs), { at, served }];
    },
    perMinute() {
      const last = seen.at(-1);
      if (last === undefined) return 0;
      const before = seen.findLastIndex(
        ({ at, served }) => served <= last.served - callsMin && last.at - at >= spanMsMin,
      );
      const first = seen[Math.max(before, 0)] ?? last;
      if (last.at - first.at < spanMsMin) return 0;
      const pace = (last.served - first.served) / (last.at - first.at);
      // The turn that called the twentieth last may have called hundreds, and been long ago.
      const since = before < 0 ? undefined : seen[before + 1];
      const pauses = since === undefined ? pace : callsMin / (last.at - since.at);
      return Math.round(Math.min(pace, pauses) * 60_000);
    },
  };
}

const windowMs = 60_000;
/** One turn says little. */
const spanMsMin = 1_000;
/** Enough to be right within a quarter, if people come out of a show independently of each other. */
const callsMin = 20;
