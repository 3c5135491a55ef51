/** Somebody whose turn is after `rank` others, and who was admitted at some moment between two that are known. */
export type Admission = { rank: number; notBefore: number; by: number };

export type Kendall = {
  /** Kendall's τ over the pairs that can be told apart: 1 is perfect order, −1 the reverse. NaN when there is no such pair. */
  tau: number;
  concordant: number;
  discordant: number;
};

/**
 * How far people were admitted in the order of their ranks. Whoever asks once in a while knows of his admission only that it lies
 * between two answers; two people whose moments overlap, or whose ranks are equal, are no pair. A moment that is known exactly has
 * `notBefore` = `by`. Takes O(n log n): 20,000 people have 200 million pairs.
 */
export function kendall(admissions: readonly Admission[]): Kendall {
  const places = placesOf(admissions.map(({ rank }) => rank));
  const admitted = createCounts(admissions.length);
  const byStart = admissions
    .map((admission, index) => ({ ...admission, place: places[index] ?? 0 }))
    .toSorted((one, other) => one.notBefore - other.notBefore);
  const byEnd = byStart.toSorted((one, other) => one.by - other.by);

  let ended = 0;
  let concordant = 0;
  let discordant = 0;
  for (const { notBefore, place } of byStart) {
    for (let next = byEnd[ended]; next !== undefined && next.by < notBefore; next = byEnd[ended]) {
      admitted.add(next.place);
      ended += 1;
    }
    concordant += admitted.below(place);
    discordant += ended - admitted.below(place + 1);
  }
  return { tau: (concordant - discordant) / (concordant + discordant), concordant, discordant };
}

/** Equal values have equal places: 0, 1, 2 … */
function placesOf(values: readonly number[]): number[] {
  const sorted = [...new Set(values)].toSorted((a, b) => a - b);
  const places = new Map(sorted.map((value, place) => [value, place]));
  return values.map((value) => places.get(value) ?? 0);
}

/** A Fenwick tree: counts of places, whose sums from the first on take log n steps. */
function createCounts(size: number): { add(place: number): void; below(place: number): number } {
  const sums = new Uint32Array(size + 1);
  return {
    add(place) {
      for (let at = place + 1; at <= size; at += at & -at) sums[at] = (sums[at] ?? 0) + 1;
    },
    below(place) {
      let sum = 0;
      for (let at = Math.min(place, size); at > 0; at -= at & -at) sum += sums[at] ?? 0;
      return sum;
    },
  };
}
