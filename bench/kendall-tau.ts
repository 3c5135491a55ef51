/**
 * Kendall's τ of two orders: 1 when every two stand in both as in the other, −1 when every two stand the other way round. `order`
 * says, for each place of the first order, how the second ranks who stands there. Equal ranks are a tie (τ-b: they count neither
 * for nor against, and 1 is reached only without them). NaN where nothing can be said: fewer than two, or all equal.
 * O(n log n): what stands the other way round is counted while the ranks are merge-sorted.
 */
export function kendallTau(order: readonly number[] | Float64Array): number {
  const ranks = Float64Array.from(order);
  if (ranks.some(Number.isNaN)) throw new Error("A rank is a number");
  const pairs = (ranks.length * (ranks.length - 1)) / 2;
  const discordant = sortCountingInversions(ranks);
  const tied = pairsOfEqual(ranks);
  const untied = pairs - tied;
  return (untied - 2 * discordant) / Math.sqrt(pairs * untied);
}

/** Sorts in place, from the bottom up, and says how many pairs stood the wrong way round. */
function sortCountingInversions(ranks: Float64Array): number {
  let from = ranks;
  let to: Float64Array = new Float64Array(ranks.length);
  let inversions = 0;
  for (let width = 1; width < ranks.length; width *= 2) {
    for (let start = 0; start < ranks.length; start += 2 * width) {
      const middle = Math.min(start + width, ranks.length);
      const end = Math.min(start + 2 * width, ranks.length);
      inversions += merge(from, to, { start, middle, end });
    }
    [from, to] = [to, from];
  }
  if (from !== ranks) ranks.set(from);
  return inversions;
}

function merge(
  from: Float64Array,
  to: Float64Array,
  { start, middle, end }: { start: number; middle: number; end: number },
): number {
  let inversions = 0;
  let left = start;
  let right = middle;
  for (let at = start; at < end; at += 1) {
    const [leftRank = 0, rightRank = 0] = [from[left], from[right]];
    if (left < middle && (right >= end || leftRank <= rightRank)) {
      to[at] = leftRank;
      left += 1;
    } else {
      to[at] = rightRank;
      right += 1;
      // It goes past all that are left of the left half.
      inversions += middle - left;
    }
  }
  return inversions;
}

function pairsOfEqual(sorted: Float64Array): number {
  let pairs = 0;
  let alike = 0;
  for (let at = 1; at < sorted.length; at += 1) {
    alike = sorted[at] === sorted[at - 1] ? alike + 1 : 0;
    pairs += alike;
  }
  return pairs;
}
