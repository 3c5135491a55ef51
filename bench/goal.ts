import type { Comparison } from "./compare-pairs.ts";
import type { House } from "./house.ts";

export type Verdict = "stretch" | "met" | "missed" | "void";

/** One line of the table: what was measured, beside what it is measured against. */
export type GoalResult = {
  /** P1…P18 of the plan. */
  goal: string;
  what: string;
  ours: string;
  /** The other side of a ratio; a count has none. */
  limit: string;
  /** The ratio or the count that decides. */
  figure: string;
  must: string;
  stretch: string;
  verdict: Verdict;
  how: string;
};

/** Measures one goal; may have more than one line. */
export type Goal = (house: House) => Promise<GoalResult[]>;

type Named = Pick<GoalResult, "goal" | "what" | "how">;
type Target =
  { atLeast: [must: number, stretch: number] } | { atMost: [must: number, stretch: number] };

/** Time on a busy machine scatters: half of the pairs must reach the target, and three quarters come within 15 % of it. */
const quartileShare = 0.85;

/** A median of pairs against its target. */
export function ratioResult(
  named: Named,
  target: Target,
  comparison: Comparison,
  unit: string,
): GoalResult {
  const { ours, limit, ratio, lowerQuartile, upperQuartile } = comparison;
  const reaches = (wanted: number) =>
    "atLeast" in target
      ? ratio >= wanted && lowerQuartile >= wanted * quartileShare
      : ratio <= wanted && upperQuartile <= wanted / quartileShare;
  return {
    ...named,
    ours: `${rounded(ours)} ${unit}`,
    limit: `${rounded(limit)} ${unit}`,
    figure: `×${ratio.toFixed(2)} (${lowerQuartile.toFixed(2)}–${upperQuartile.toFixed(2)})`,
    ...targetTexts(target, "×"),
    verdict: verdictOf(target, reaches),
  };
}

/** A count or a size, which is the same on every machine. */
export function countResult(
  named: Named,
  target: Target,
  { count, unit, ours }: { count: number; unit: string; ours?: string },
): GoalResult {
  const reaches = (wanted: number) => ("atLeast" in target ? count >= wanted : count <= wanted);
  return {
    ...named,
    ours: ours ?? `${rounded(count)} ${unit}`,
    limit: "–",
    figure: `${rounded(count)} ${unit}`,
    ...targetTexts(target, ""),
    verdict: verdictOf(target, reaches),
  };
}

/** What cannot be measured; `how` gives the reason. */
export function unmeasured(named: Named, verdict: "void"): GoalResult {
  return { ...named, ours: "–", limit: "–", figure: "–", must: "–", stretch: "–", verdict };
}

export function rounded(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

function verdictOf(target: Target, reaches: (wanted: number) => boolean): Verdict {
  const [must, stretch] = "atLeast" in target ? target.atLeast : target.atMost;
  if (reaches(stretch)) return "stretch";
  return reaches(must) ? "met" : "missed";
}

function targetTexts(target: Target, sign: string): { must: string; stretch: string } {
  const [must, stretch] = "atLeast" in target ? target.atLeast : target.atMost;
  const relation = "atLeast" in target ? "≥" : "≤";
  return { must: `${relation} ${sign}${must}`, stretch: `${relation} ${sign}${stretch}` };
}
