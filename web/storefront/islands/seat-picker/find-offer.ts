import type { Choice } from "./choice.ts";
import { seatOf } from "./hall.ts";
import type { Hall } from "./hall.ts";
import type { Found, Wish } from "./find-seats.ts";

/**
 * What comes nearest to seats that were lost: as many as the party is, side by side, first in the same section at the same price,
 * then at the same price anywhere, then anywhere.
 */
export async function findOffer(
  { hall, kept, lost }: { hall: Hall; kept: Choice; lost: readonly string[] },
  find: (wish: Wish) => Promise<Found | "none" | "away">,
): Promise<Found | "none" | "away"> {
  const seatsOf = (seatIds: readonly string[]) => seatIds.flatMap((id) => seatOf(hall, id) ?? []);
  const party = seatsOf([...kept.seatIds, ...lost]);
  const [first] = seatsOf(lost);
  if (first === undefined) return "none";
  const accessible = party.filter((seat) => seat.accessible === true).length;
  const companions = party.filter((seat) => seat.companion === true).length;
  const wish = {
    ...{ quantity: party.length, accessible },
    companions: accessible === 0 ? 0 : companions,
  };
  const { section, priceCode } = first;
  for (const near of [{ section, priceCode }, { priceCode }, {}]) {
    const found = await find({ ...wish, ...near });
    if (found !== "none") return found;
  }
  return "none";
}
