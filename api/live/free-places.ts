/** Which of some positions are free. Counting them and choosing among them costs the same however many there are. */
export type FreePlaces = {
  count(): number;
  set(position: number, isFree: boolean): void;
  /** Up to so many of the free ones, each as likely as any other. */
  pick(countMax: number): number[];
};

/** None is free at first. */
export function createFreePlaces(size: number): FreePlaces {
  // Every position once, the free ones first, and where each of them is.
  const order = Int32Array.from({ length: size }, (_, position) => position);
  const indexes = Int32Array.from(order);
  let count = 0;

  function swap(index: number, other: number): void {
    const [one = 0, two = 0] = [order[index], order[other]];
    order[index] = two;
    order[other] = one;
    indexes[two] = index;
    indexes[one] = other;
  }

  return {
    count: () => count,
    set(position, isFree) {
      const index = indexes[position] ?? 0;
      if (index < count === isFree) return;
      if (!isFree) count -= 1;
      swap(index, count);
      if (isFree) count += 1;
    },
    pick(countMax) {
      const picked = Math.min(countMax, count);
      for (let index = 0; index < picked; index += 1) {
        swap(index, index + Math.floor(Math.random() * (count - index)));
      }
      return [...order.subarray(0, picked)];
    },
  };
}
