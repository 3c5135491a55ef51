export type Axis = {
  /** What it measures, with its unit. */
  label: string;
  kind?: "linear" | "log";
  /** Left out: from 0, or on a log axis from the least value. */
  min?: number;
  /** Left out: the greatest value. */
  max?: number;
  /** Ends at the greatest value; left out: at the tick behind it. */
  isTight?: boolean;
  /** How a tick is written; left out: the number. */
  write?: (value: number) => string;
};

export type Scale = {
  /** Where a value is, from 0 at the least to 1 at the greatest; what is beyond is at the edge. */
  place(value: number): number;
  ticks: { value: number; text: string }[];
};

/** An axis that takes in all values, from one tick to another. */
export function createScale(axis: Axis, values: readonly number[]): Scale {
  const isLog = axis.kind === "log";
  const { write = (value: number) => value.toLocaleString("en") } = axis;
  const [low, high] = extentOf(axis, values);
  const allTicks = isLog ? decades(low, high) : niceTicks(low, high);
  const ticks = axis.isTight === true ? allTicks.filter((value) => value <= high) : allTicks;
  const measure = isLog ? Math.log10 : (value: number) => value;
  const from = measure(isLog ? (ticks[0] ?? 1) : low);
  const to = measure(axis.isTight === true ? high : (ticks.at(-1) ?? 1));
  return {
    place: (value) => Math.min(1, Math.max(0, (measure(value) - from) / (to - from))),
    ticks: ticks.map((value) => ({ value, text: write(value) })),
  };
}

function extentOf({ kind, min, max }: Axis, values: readonly number[]): [number, number] {
  const wanted = kind === "log" ? values.filter((value) => value > 0) : values;
  const least = wanted.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = wanted.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  const low = min ?? (kind === "log" ? (Number.isFinite(least) ? least : 1) : 0);
  const high = max ?? (Number.isFinite(most) ? most : 1);
  return [low, high > low ? high : low + 1];
}

/** Four to eight steps of 1, 2 or 5 times a power of ten; the last one takes in the greatest value. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const first = Math.ceil(low / step) * step;
  const count = Math.ceil((high - first) / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, index) =>
    Number((first + index * step).toPrecision(12)),
  );
}

function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(first + 1, Math.ceil(Math.log10(high)));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}
