/** Every order of these items. */
export function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

/** The same order with so many more copies of its items, each anywhere behind the original: what is sent twice comes later. */
export function withDuplicates<Item>(order: Item[], copies: number, random: () => number): Item[] {
  let result = order;
  for (let copy = 0; copy < copies; copy += 1) {
    const original = Math.floor(random() * result.length);
    const place = original + 1 + Math.floor(random() * (result.length - original));
    const item = result[original];
    if (item !== undefined) result = result.toSpliced(place, 0, item);
  }
  return result;
}

/** Numbers between 0 and 1, the same ones for the same seed. (mulberry32) */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
