import { seatOf } from "./hall.ts";
import type { Hall } from "./hall.ts";

/** What somebody wants: seats by id, in the order in which they were chosen, and so many places of areas. */
export type Choice = { seatIds: readonly string[]; places: Readonly<Record<string, number>> };
export type Price = { priceCode: string; name: string; amountMinor: number; feeMinor: number };

export const nothingChosen: Choice = { seatIds: [], places: {} };

/** Takes a free seat into the choice, or out of it. Undefined: the choice is full. */
export function toggleSeat(choice: Choice, seatId: string, seatsMax: number): Choice | undefined {
  if (choice.seatIds.includes(seatId)) return dropSeats(choice, [seatId]);
  if (countChosen(choice) >= seatsMax) return undefined;
  return { ...choice, seatIds: [...choice.seatIds, seatId] };
}

export function dropSeats(choice: Choice, seatIds: readonly string[]): Choice {
  return { ...choice, seatIds: choice.seatIds.filter((seatId) => !seatIds.includes(seatId)) };
}

/** So many places of an area: no more than are free, and than one buyer may have. */
export function setPlaces(
  choice: Choice,
  { area, count, free, seatsMax }: { area: string; count: number; free: number; seatsMax: number },
): Choice {
  const others = countChosen(choice) - (choice.places[area] ?? 0);
  const taken = Math.max(0, Math.min(count, free, seatsMax - others));
  return { ...choice, places: { ...choice.places, [area]: taken } };
}

export function countChosen({ seatIds, places }: Choice): number {
  return Object.values(places).reduce((sum, count) => sum + count, seatIds.length);
}

/** What is chosen, by price: how many, and what they cost with their fees, in whole minor units. */
export function priceChoice(
  choice: Choice,
  hall: Hall,
  prices: readonly Price[],
): { lines: { price: Price; count: number; amountMinor: number }[]; totalMinor: number } {
  const counts = new Map<string, number>();
  const add = (code: string, count: number) => counts.set(code, (counts.get(code) ?? 0) + count);
  for (const seatId of choice.seatIds) {
    const seat = seatOf(hall, seatId);
    if (seat !== undefined) add(seat.priceCode, 1);
  }
  for (const { id, priceCode } of hall.layout.areas ?? []) add(priceCode, choice.places[id] ?? 0);
  const lines = prices.flatMap((price) => {
    const count = counts.get(price.priceCode) ?? 0;
    const amountMinor = count * (price.amountMinor + price.feeMinor);
    return count === 0 ? [] : [{ price, count, amountMinor }];
  });
  return { lines, totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) };
}
