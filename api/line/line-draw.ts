import { createHash } from "node:crypto";

import type { StoredLine } from "../../adapters/postgres/lines.ts";
import { shuffleAside } from "../../platform/shuffle.ts";

/** Whose turn is when, once the draw is over. */
type LineNumbers = {
  /** How many took part in the draw. */
  drawn: number;
  of(entry: number): number;
};

/** A million take some 44 ms of processor time, and keep others waiting for 6 ms at the most. */
export async function drawNumbers(drawn: number, seed: Buffer): Promise<LineNumbers> {
  const numbers = await shuffleAside(seed, drawn);
  return { drawn, of: (entry) => numbers[entry - 1] ?? entry };
}

/**
 * How many take part; null before the draw. PostgreSQL's word counts: Redis may have forgotten an earlier draw. Where nobody could come
 * before the draw there is nothing to draw.
 */
export function drawnOf({ drawn, drawAtMs, opensAtMs }: StoredLine): number | null {
  return drawAtMs > opensAtMs ? drawn : 0;
}

/** The numbers of a line, from the draw on. */
export function createDraw(seed: Buffer) {
  let numbers: LineNumbers | undefined;
  let isDrawing = false;
  return {
    follow(rules: StoredLine): void {
      const drawn = drawnOf(rules);
      if (drawn === null || isDrawing) return;
      isDrawing = true;
      void drawNumbers(drawn, seed).then((all) => (numbers = all));
    },
    numbers: () => numbers,
    /** A large draw takes a moment. */
    isReady: () => numbers !== undefined || !isDrawing,
  };
}

/** What is shown of a draw: worked out once, and asked with every poll. */
export function publicDraw(seed: Buffer): { commitment: string; seed: string } {
  const commitment = createHash("sha256").update(seed).digest("hex");
  return { commitment, seed: seed.toString("hex") };
}

/** Nobody who was drawn is called before they could hear their number: some of them ask only every twenty seconds. */
export function admitFromMs(
  line: StoredLine,
  numbers: Pick<LineNumbers, "drawn"> | undefined,
): number {
  if (numbers === undefined) return Number.MAX_SAFE_INTEGER;
  const heardAtMs = numbers.drawn === 0 ? 0 : line.drawAtMs + hearingMs;
  return Math.max(line.admitFromMs, heardAtMs);
}

const hearingMs = 60_000;
