/** Which seats are free, by their places in the layout, as the map says: two bits a seat, lowest bits first, 0 is free. */
export function freeSeats(bitmap: Uint8Array, seats: number): number[] {
  const places = Array.from({ length: seats }, (_, place) => place);
  return places.filter((place) => (((bitmap[place >> 2] ?? 0) >> ((place & 3) * 2)) & 3) === 0);
}

/**
 * Two free seats side by side where there are any, near the front: the wish for the k-th best seat falls with 1/k (Zipf), so that
 * many want the same few. At the end of a sale people take what is left. Empty when nothing is.
 */
export function chooseSeats(free: readonly number[], random: () => number): number[] {
  const pairs = free.filter((place, index) => free[index + 1] === place + 1);
  const [first] = pairs.length > 0 ? [pairs[zipf(pairs.length, random)]] : free;
  if (first === undefined) return [];
  if (pairs.length > 0) return [first, first + 1];
  const [, second] = free;
  return second === undefined ? [first] : [first, second];
}

/** 0, 1, 2 … below `count`, each with a share of 1/1, 1/2, 1/3 …; by the inverse of its continuous sister, which is close enough. */
function zipf(count: number, random: () => number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random() - 1));
}
