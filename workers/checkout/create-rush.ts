/** When those who choose go before those who have paid, and when it is the other way around. */
export type Rush = {
  /** So many checkouts begin at this moment; and whether there is no room for what others do later. */
  see(beginning: number, isFull: boolean): void;
  isOn(): boolean;
  /** Those who have paid have waited for it, and go first. */
  isMadeUpFor(): boolean;
};

export type RushLimits = {
  /** It is a rush when more checkouts begin at a time: fewer are what a process does by the way. */
  calmMax: number;
  /** How long it has to be calm until it is over; people come in waves. */
  calmMs: number;
  /** How long it counts as one. */
  rushMsMax: number;
};

/**
 * It counts from its beginning. After what it may last at the most, those who have paid have as much time, and more as long as there is
 * no room for all of them: each further rush would hold seats whose holds end before there is time for tickets.
 */
export function createRush(
  { calmMax, calmMs, rushMsMax }: RushLimits,
  nowMs = () => performance.now(),
): Rush {
  let beganAt: number | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let fullAt = Number.NEGATIVE_INFINITY;

  /** How long ago the last rush began; undefined when it has been made up for. */
  function sinceMs(): number | undefined {
    if (beganAt === undefined) return undefined;
    const since = nowMs() - beganAt;
    if (since < 2 * rushMsMax || nowMs() - fullAt < calmMs) return since;
    beganAt = undefined;
    return undefined;
  }

  return {
    see(beginning, isFull) {
      if (isFull) fullAt = nowMs();
      if (beginning <= calmMax) return;
      lastAt = nowMs();
      if (sinceMs() === undefined) beganAt = lastAt;
    },
    isOn: () => nowMs() - lastAt < calmMs && (sinceMs() ?? rushMsMax) < rushMsMax,
    isMadeUpFor: () => (sinceMs() ?? 0) >= rushMsMax,
  };
}
