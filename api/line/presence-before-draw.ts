import { minuteOf, presenceMinutes } from "../../adapters/redis/line.ts";

/**
 * Whom this process has heard of before the draw, when nobody has a number yet: a place is kept for five minutes after its person was
 * last heard of, also when the draw lies in between.
 */
export type PresenceBeforeDraw = {
  hear(entry: number): void;
  /** The minutes that still count. */
  minutes(): number[];
  /** The entries that were last heard of in a minute. */
  heardIn(minute: number): number[];
  /** The draw is over, and all is told. */
  forget(): void;
};

export function createPresenceBeforeDraw(now: () => number = Date.now): PresenceBeforeDraw {
  // The minute of each entry: 4 to 8 MB for a million.
  let minuteByEntry = new Uint32Array(1_024);

  return {
    hear(entry) {
      if (entry >= minuteByEntry.length) {
        const grown = new Uint32Array(entry * 2);
        grown.set(minuteByEntry);
        minuteByEntry = grown;
      }
      minuteByEntry[entry] = minuteOf(now());
    },
    minutes: () => Array.from({ length: presenceMinutes + 1 }, (_, back) => minuteOf(now()) - back),
    heardIn(wanted) {
      const entries: number[] = [];
      for (let entry = 1; entry < minuteByEntry.length; entry += 1) {
        if (minuteByEntry[entry] === wanted) entries.push(entry);
      }
      return entries;
    },
    forget() {
      minuteByEntry = new Uint32Array(1);
    },
  };
}
