/** Which seats are free, by their places in the layout, as the map says: two bits a seat, lowest bits first, 0 is free. */
export function freeSeats(bitmap: Uint8Array, seats: number): number[] {
  const places = Array.from({ length: seats }, (_, place) => place);
  return places.filter((place) => (((bitmap[place >> 2] ?? 0) >> ((place & 3) * 2)) & 3) === 0);
}

/**
 * Two free seats near the front: the wish for the k-th best falls with 1/k (Zipf), so that many want the same few. Side by side while
 * there are such, at the end of a sale one and the next that is free. Empty when nothing is.
 */
export function chooseSeats(free: readonly number[], random: () => number): number[] {
  if (free.length < 2) return [...free];
  const pairs = free.slice(1).map((place, index) => [free[index] ?? place, place]);
  const sideBySide = pairs.filter(([left = 0, right]) => right === left + 1);
  const wanted = sideBySide.length > 0 ? sideBySide : pairs;
  return wanted[zipf(wanted.length, random)] ?? [];
}

/** 0, 1, 2 … below `count`, each with a share of 1/1, 1/2, 1/3 …; by the inverse of its continuous sister, which is close enough. */
function zipf(count: number, random: () => number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** random() - 1));
}
