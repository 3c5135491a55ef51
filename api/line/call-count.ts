/** How fast a line moves: people called a minute, as the last minute shows. */
export function createCallCount(): { hear(served: number): void; perMinute(): number } {
  let seen: { at: number; served: number }[] = [];
  return {
    hear(served) {
      const at = performance.now();
      seen = [...seen.filter((earlier) => at - earlier.at < windowMs), { at, served }];
    },
    perMinute() {
      const [first, last] = [seen.at(0), seen.at(-1)];
      if (first === undefined || last === undefined || last.at - first.at < 1_000) return 0;
      return Math.round(((last.served - first.served) / (last.at - first.at)) * 60_000);
    },
  };
}

const windowMs = 60_000;
