/** When those who choose go before those who have paid, and when it is the other way around. */
export type Rush = {
  /** So many checkouts begin at this moment; and whether there is no room for what others do later. */
  see(beginning: number, isFull: boolean): void;
  isOn(): boolean;
  /** Those who have paid have waited as long as they may, there is no room for all of them, and they go first. */
  isMakingUp(): boolean;
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
 * It counts from its beginning. After what it may last at the most, those who have paid have as much time, and while there is no room
 * for all of them up to five times as much: each further rush would hold seats whose holds end before there is time for tickets.
 */
export function createRush(
  { calmMax, calmMs, rushMsMax }: RushLimits,
  nowMs = () => performance.now(),
): Rush {
  let beganAt: number | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let fullAt = Number.NEGATIVE_INFINITY;

  const isFullLately = () => nowMs() - fullAt < calmMs;

  /** Since the last rush began; undefined when its time and that for making up are over. */
  function sinceMs(): number | undefined {
    if (beganAt === undefined) return undefined;
    const since = nowMs() - beganAt;
    if (since < 2 * rushMsMax || (isFullLately() && since < 6 * rushMsMax)) return since;
    beganAt = undefined;
    return undefined;
  }

  return {
    see(beginning, isFull) {
      if (isFull) fullAt = nowMs();
      if (beginning <= calmMax) return;
      const since = sinceMs();
      beganAt ??= nowMs();
      if (since === undefined || since < rushMsMax) lastAt = nowMs();
    },
    isOn: () => nowMs() - lastAt < calmMs && (sinceMs() ?? rushMsMax) < rushMsMax,
    isMakingUp() {
      const since = sinceMs();
      // One that had ended before has left nobody waiting.
      const hasLasted = beganAt !== undefined && lastAt - beganAt >= rushMsMax - calmMs;
      return hasLasted && since !== undefined && since >= rushMsMax && isFullLately();
    },
  };
}
