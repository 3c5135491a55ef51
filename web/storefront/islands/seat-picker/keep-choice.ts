import { dropSeats, nothingChosen } from "./choice.ts";
import type { Choice } from "./choice.ts";
import type { Hall } from "./hall.ts";

/** What is chosen now, and which seats look different after each change of it. */
export type KeptChoice = {
  /** The same object until something is chosen or lost. */
  now(): Choice;
  has(seatId: string): boolean;
  /** `also` are positions that look different for another reason, `lost` seats that went to somebody else. */
  change(next: Choice, also?: readonly number[], lost?: readonly string[]): void;
  /** Those of the seats that are chosen, and not the buyer's own already, leave the choice. */
  lose(seatIds: readonly string[], also?: readonly number[]): void;
};

/** `own` are seats that the buyer holds already: chosen from the start, and never lost. */
export function keepChoice(
  hall: Hall,
  own: readonly string[],
  tell: (positions: readonly number[], lost: readonly string[]) => void,
): KeptChoice {
  let choice: Choice = { ...nothingChosen, seatIds: own };
  let chosen = new Set<string>(own);

  function change(next: Choice, also: readonly number[] = [], lost: readonly string[] = []): void {
    const before = chosen;
    [choice, chosen] = [next, new Set(next.seatIds)];
    const others = [...before, ...chosen].filter((id) => before.has(id) !== chosen.has(id));
    const positions = others.flatMap((seatId) => hall.positions.get(seatId) ?? []);
    tell([...new Set([...also, ...positions])], lost);
  }

  return {
    now: () => choice,
    has: (seatId) => chosen.has(seatId),
    change,
    lose(seatIds, also) {
      const lost = seatIds.filter((seatId) => chosen.has(seatId) && !own.includes(seatId));
      change(lost.length === 0 ? choice : dropSeats(choice, lost), also, lost);
    },
  };
}
