/** The numbers that this process has heard of in a minute, each told to Redis once. */
export type Presence = {
  hear(number: number): void;
  /** What was not taken yet, `numbersMax` at the most. */
  take(numbersMax: number): number[];
  /** They could not be told. */
  putBack(numbers: readonly number[]): void;
};

export function createPresence(): Presence {
  let minute = 0;
  // A bit a number: a set of a million numbers would be 40 MB.
  let heard = new Uint8Array(1_024);
  let fresh: number[] = [];

  return {
    hear(number) {
      const now = Math.floor(Date.now() / 60_000);
      if (now !== minute) {
        minute = now;
        heard.fill(0);
      }
      const at = number >> 3;
      const bit = 1 << (number & 7);
      if (at >= heard.length) {
        const grown = new Uint8Array(at * 2);
        grown.set(heard);
        heard = grown;
      }
      const bits = heard[at] ?? 0;
      if ((bits & bit) !== 0) return;
      heard[at] = bits | bit;
      fresh.push(number);
    },
    take: (numbersMax) => fresh.splice(0, numbersMax),
    putBack(numbers) {
      fresh = [...numbers, ...fresh];
    },
  };
}
