import { createHash } from "node:crypto";

import type { StoredDraw, StoredLine } from "../../adapters/postgres/lines.ts";
import type { LineDraw } from "../../domain/line.ts";
import { shuffleAside } from "../../platform/shuffle.ts";
import type { Slips } from "../../platform/slips.ts";

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
export function drawnOf({ drawn, drawAtMs, opensAtMs }: StoredDraw): number | null {
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

/** The secret of a line's draw, which is told when it is over. */
export function drawSeed(
  slips: Pick<Slips, "secret">,
  { showId, drawNonce }: { showId: string; drawNonce: string },
): Buffer {
  return slips.secret(`draw ${showId} ${drawNonce}`);
}

/** What is told of a draw: worked out once, and asked with every poll. */
export function publicDraw(seed: Buffer): (stored: StoredDraw) => LineDraw {
  const commitment = createHash("sha256").update(seed).digest("hex");
  const hex = seed.toString("hex");
  return (stored) => {
    const drawn = drawnOf(stored);
    return drawn === null
      ? { commitment, isDrawn: false }
      : { commitment, seed: hex, isDrawn: true, entries: drawn };
  };
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
