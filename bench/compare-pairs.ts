export type Comparison = {
  ours: number;
  limit: number;
  /** Ours by the limit: the median of all pairs, and its quartiles. */
  ratio: number;
  lowerQuartile: number;
  upperQuartile: number;
};

/**
 * Measures both sides in turns, A B, B A, A B …: whatever else the machine does in the meantime, or slowly becomes, happens to
 * both. Each pair is a ratio; one odd pair moves no median.
 */
export async function comparePairs(options: {
  pairs: number;
  ours: () => Promise<number>;
  limit: () => Promise<number>;
}): Promise<Comparison> {
  const ours: number[] = [];
  const limit: number[] = [];
  for (let pair = 0; pair < options.pairs; pair += 1) {
    if (pair % 2 === 0) {
      ours.push(await options.ours());
      limit.push(await options.limit());
    } else {
      limit.push(await options.limit());
      ours.push(await options.ours());
    }
  }
  const ratios = ours.map((value, pair) => value / (limit[pair] ?? Number.NaN));
  return {
    ours: quantile(ours, 0.5),
    limit: quantile(limit, 0.5),
    ratio: quantile(ratios, 0.5),
    lowerQuartile: quantile(ratios, 0.25),
    upperQuartile: quantile(ratios, 0.75),
  };
}

/** Between two values in proportion; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
