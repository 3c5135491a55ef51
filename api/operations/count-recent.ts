/**
 * Counts by name how often it was counted in the last while: in `windowMs` at least, in twice that at the most. It has no
 * timers, and keeps at most 2 × `namesMax` names.
 */
export function createRecentCount({ windowMs = 2_000, namesMax = 1_000 } = {}): (
  name: string,
) => number {
  let current = new Map<string, number>();
  let earlier = new Map<string, number>();
  let endsAt = 0;
  return (name) => {
    const now = performance.now();
    if (now >= endsAt || current.size >= namesMax) {
      earlier = now < endsAt + windowMs ? current : new Map();
      current = new Map();
      endsAt = now + windowMs;
    }
    const count = (current.get(name) ?? 0) + 1;
    current.set(name, count);
    return count + (earlier.get(name) ?? 0);
  };
}
