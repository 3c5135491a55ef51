/**
 * How many people a second may be let in, by what the house can serve: at the most what payments allow, and less as long as
 * reserving is slow or this process is late. It falls at once and rises by and by, so that it settles where things go well.
 */
export type Pace = {
  /** A reserve took so long, whatever came of it. */
  reserved(ms: number): void;
  /** Asked once a second; `lateMs`: so much later than it should have been. */
  perSecond(lateMs: number): number;
};

export function createPace({ perSecondMax }: { perSecondMax: number }): Pace {
  let share = 1;
  let count = 0;
  let slow = 0;

  return {
    reserved(ms) {
      count += 1;
      if (ms > reserveMsMax) slow += 1;
    },
    perSecond(lateMs) {
      const isBusy = slow * 2 > count || lateMs > lateMsMax;
      share = isBusy ? Math.max(share * 0.7, shareMin) : Math.min(share * 1.1 + 0.01, 1);
      count = 0;
      slow = 0;
      return perSecondMax * share;
    },
  };
}

/** Five times what a seat selection may take. */
const reserveMsMax = 1_000;
const lateMsMax = 250;
const shareMin = 0.05;
