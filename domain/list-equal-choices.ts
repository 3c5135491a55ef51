import type { Block } from "./find-blocks.ts";
import type { OpenStretch } from "./open-stretch.ts";
import { compareChoices, compareWorth } from "./seat-choice.ts";
import type { SeatChoice } from "./seat-choice.ts";

/**
 * The best choice of one block and, nearest first, up to `choicesMax` in all that are worth as much but for their place: as many
 * seats left alone, at the same price. All of them could be taken at once: they share no seat, and leave none alone between them.
 */
export function listEqualChoices(
  choices: Iterable<SeatChoice>,
  best: SeatChoice,
  choicesMax: number,
): SeatChoice[] {
  const equal: SeatChoice[] = [];
  for (const choice of choices) if (compareWorth(choice, best) === 0) equal.push(choice);
  const listed: SeatChoice[] = [];
  const inStretch = new Map<OpenStretch, Block[]>();
  for (const choice of equal.toSorted(compareChoices)) {
    if (listed.length === choicesMax) break;
    const [block] = choice.blocks;
    if (block === undefined) continue;
    const others = inStretch.get(block.stretch) ?? [];
    if (!others.every((other) => areApart(block, other))) continue;
    inStretch.set(block.stretch, [...others, block]);
    listed.push(choice);
  }
  return listed;
}

function areApart(one: Block, other: Block): boolean {
  const [left, right] = one.start < other.start ? [one, other] : [other, one];
  const between = right.start - left.start - left.seats - left.stretch.distanceSeats;
  // One seat between two groups would be left alone.
  return between >= 0 && between !== 1;
}
