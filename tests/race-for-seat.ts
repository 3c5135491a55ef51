import { randomUUID } from "node:crypto";

import type { Buyer } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";

/** What buyers who all want the same at the same moment were told. */
export type Race = {
  /** Booking ids of those who were told that the seats are theirs. */
  winners: string[];
  /** Codes of the others. */
  refusals: string[];
};

export function raceForSeat(buyers: Buyer[], showId: string, seatId: string): Promise<Race> {
  return race(showId, new Map(buyers.map((buyer) => [buyer, { seatIds: [seatId] }])));
}

/** Each buyer asks for a cart of their own. */
export function raceForSeats(showId: string, carts: Map<Buyer, string[]>): Promise<Race> {
  return race(showId, new Map([...carts].map(([buyer, seatIds]) => [buyer, { seatIds }])));
}

/** Each buyer asks for so many places of the area FLOOR. */
export function raceForPlaces(buyers: Buyer[], showId: string, quantity: number): Promise<Race> {
  const places = [{ area: "FLOOR", quantity }];
  return race(showId, new Map(buyers.map((buyer) => [buyer, { places }])));
}

type Cart = Omit<Parameters<Buyer["reserve"]>[0], "showId">;

async function race(showId: string, carts: Map<Buyer, Cart>): Promise<Race> {
  const answers = await Promise.all(
    [...carts].map(([buyer, cart]) => ask(buyer, { ...cart, showId })),
  );
  return {
    winners: answers.flatMap((answer) => ("bookingId" in answer ? [answer.bookingId] : [])),
    refusals: answers.flatMap((answer) => ("code" in answer ? [answer.code] : [])),
  };
}

/**
 * A busy machine may answer that the outcome is not known, or that selling is away: then the same is asked again. An order that
 * came too late is over, and another one is made.
 */
async function ask(buyer: Buyer, order: Cart & { showId: string }) {
  let key = randomUUID();
  return eventually(async () => {
    const { status, body } = await buyer.reserve(order, key);
    if (status === 201) return { bookingId: body.bookingId };
    if (body.code === "RESERVE_TOO_LATE") key = randomUUID();
    return status >= 400 && status < 500 && { code: body.code ?? String(status) };
  }, 40_000);
}

/** One seat, more than one booking. */
export function isOversold({ winners }: Race): boolean {
  return new Set(winners).size > 1;
}
