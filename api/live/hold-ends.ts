/** When each seat of a show becomes, or has become, free by itself; never, for most. Epoch milliseconds. */
export type HoldEnds = {
  of(position: number): number;
  set(position: number, endMs: number, nowMs: number): void;
  /** The positions whose end is over, whatever has become of them since. Costs nothing while no other end has come. */
  over(nowMs: number): number[];
};

export function createHoldEnds(size: number): HoldEnds {
  const ends = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  let nextMs = Number.POSITIVE_INFINITY;
  return {
    of: (position) => ends[position] ?? Number.POSITIVE_INFINITY,
    set(position, endMs, nowMs) {
      ends[position] = endMs;
      if (endMs > nowMs) nextMs = Math.min(nextMs, endMs);
    },
    over(nowMs) {
      if (nowMs < nextMs) return [];
      nextMs = Number.POSITIVE_INFINITY;
      const over: number[] = [];
      ends.forEach((endMs, position) => {
        if (endMs <= nowMs) over.push(position);
        else nextMs = Math.min(nextMs, endMs);
      });
      return over;
    },
  };
}
