/** When those who choose go before those who have paid. */
export type Rush = {
  /** So many checkouts begin at this moment. */
  see(beginning: number): void;
  isOn(): boolean;
};

export type RushLimits = {
  /** It is a rush when more checkouts begin at a time: fewer are what a process does by the way. */
  calmMax: number;
  /** How long it has to be calm until it is over; people come in waves. */
  calmMs: number;
  /** How long it counts as one, of any time twice as long. */
  rushMsMax: number;
};

/** It counts from its beginning: in the other half of the time those who have paid go on, however many begin. */
export function createRush(
  { calmMax, calmMs, rushMsMax }: RushLimits,
  nowMs = () => performance.now(),
): Rush {
  let beganAt = Number.NEGATIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    see(beginning) {
      if (beginning <= calmMax) return;
      lastAt = nowMs();
      if (lastAt - beganAt >= 2 * rushMsMax) beganAt = lastAt;
    },
    isOn() {
      return nowMs() - lastAt < calmMs && nowMs() - beganAt < rushMsMax;
    },
  };
}
