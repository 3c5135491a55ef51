/**
 * Whom this process has heard of before the draw, when nobody has a number yet: a place is kept for five minutes after its person was
 * last heard of, also when the draw lies in between.
 */
export type PresenceBeforeDraw = {
  hear(entry: number): void;
  /** The entries that were heard of in the last five minutes. */
  recall(): number[];
  /** The draw is over. */
  forget(): void;
};

export function createPresenceBeforeDraw(now: () => number = Date.now): PresenceBeforeDraw {
  // A minute for each entry: 4 MB for a million.
  let heardIn = new Uint32Array(1_024);
  const minuteNow = () => Math.floor(now() / 60_000);

  return {
    hear(entry) {
      if (entry >= heardIn.length) {
        const grown = new Uint32Array(entry * 2);
        grown.set(heardIn);
        heardIn = grown;
      }
      heardIn[entry] = minuteNow();
    },
    recall() {
      const since = minuteNow() - keptMinutes;
      const entries: number[] = [];
      for (const [entry, minute] of heardIn.entries()) if (minute >= since) entries.push(entry);
      return entries;
    },
    forget() {
      heardIn = new Uint32Array(0);
    },
  };
}

const keptMinutes = 5;
