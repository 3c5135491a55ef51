import { findBlocks } from "./find-blocks.ts";
import type { Block, Party } from "./find-blocks.ts";
import type { OpenStretch } from "./open-stretch.ts";
import type { Place } from "./place-row.ts";
import { distanceBetween } from "./read-seating.ts";
import type { SeatedSection } from "./read-seating.ts";
import { betterOf, distanceOf } from "./seat-choice.ts";
import type { SeatChoice } from "./seat-choice.ts";

/**
 * The best two blocks for a party in two rows of a section, one behind the other. Whoever is in a wheelchair stays with the companions.
 * Takes as many steps as the section has seats, times the party.
 */
export function findSplitBlocks(
  section: SeatedSection,
  rows: OpenStretch[][],
  party: Party,
  stage: Place,
): SeatChoice | undefined {
  let best: SeatChoice | undefined;
  for (const [front, back] of partingsOf(party)) {
    for (const [index, row] of rows.entries()) {
      const behind = rows[index + 1] ?? [];
      const pairs = pairsOf(
        row.flatMap((stretch) => findBlocks(stretch, front)),
        behind.flatMap((stretch) => findBlocks(stretch, back)),
      );
      for (const pair of pairs) best = betterOf(best, choiceOfPair(pair, section, stage));
    }
  }
  return best;
}

type Pair = { front: Block; back: Block; apart: number };

/** Every way to part a party in two, the larger part in front first. */
function partingsOf({ seats, accessible, companions }: Party): [Party, Party][] {
  const partings: [Party, Party][] = [];
  for (let others = 1; others <= seats - Math.max(accessible + companions, 1); others += 1) {
    const together = { seats: seats - others, accessible, companions };
    const rest = { seats: others, accessible: 0, companions: 0 };
    partings.push([together, rest]);
    if (accessible > 0) partings.push([rest, together]);
  }
  return partings;
}

// Rows are 1.2 apart unless a catalogue says otherwise; two with an aisle across between them are 2.2.
const apartMax = 2;
// A block's nearest one behind it may strand a seat that the next one does not.
const besideNearest = 2;

/** Blocks of the back row that lie behind one of the front row: the smaller of both anywhere behind, or before, the larger. */
function pairsOf(fronts: Block[], backs: Block[]): Pair[] {
  const pairs: Pair[] = [];
  let nearest = 0;
  for (const front of fronts) {
    const apartFrom = (at: number) => {
      const back = backs[at];
      return back === undefined ? Infinity : distanceBetween(front.middle, back.middle);
    };
    // Both rows run the same way, so the nearest one never lies before that of the block before.
    while (apartFrom(nearest + 1) <= apartFrom(nearest) && nearest + 1 < backs.length) nearest += 1;
    for (let at = nearest - besideNearest; at <= nearest + besideNearest; at += 1) {
      const back = backs[at];
      if (back === undefined) continue;
      const apart = apartFrom(at);
      const reach = apartMax + Math.abs(front.seats - back.seats) / 2;
      if (apart <= reach) pairs.push({ front, back, apart });
    }
  }
  return pairs;
}

// A seat aside within the group is worth two seats nearer to the stage.
const apartWeight = 2;

function choiceOfPair(
  { front, back, apart }: Pair,
  section: SeatedSection,
  stage: Place,
): SeatChoice {
  const distance = (block: Block) => distanceOf(block.middle, section, stage);
  return {
    blocks: [front, back],
    stranded: front.stranded + back.stranded,
    alone: [front, back].filter(({ seats }) => seats === 1).length,
    priceMinor: front.priceMinor + back.priceMinor,
    distance: Math.round((distance(front) + distance(back)) / 2 + 100 * apartWeight * apart),
  };
}
