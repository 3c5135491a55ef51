import type { SeatStatus } from "./booking.ts";
import { findBlocks } from "./find-blocks.ts";
import type { Block } from "./find-blocks.ts";
import { findSplitBlocks } from "./find-split-blocks.ts";
import { listEqualChoices } from "./list-equal-choices.ts";
import { isCompanion, openStretch } from "./open-stretch.ts";
import type { OpenStretch, SeatOffer } from "./open-stretch.ts";
import type { SeatedSection, Seating } from "./read-seating.ts";
import { betterOf, choiceOf } from "./seat-choice.ts";
import type { SeatChoice } from "./seat-choice.ts";

export type SeatWish = {
  /** Everybody, also those in a wheelchair and their companions. */
  quantity: number;
  /** Any, if empty. */
  priceCodes: string[];
  /** What a seat may cost, its fee included, in minor units. */
  priceMaxMinor?: number | undefined;
  /** Any, if empty. */
  sectionIds: string[];
  /** Places for wheelchairs, and companions who may have a companion's seat. Nobody else gets either. */
  accessible: number;
  companions: number;
};

export type PartySeats = {
  /** One block; or two, front row first, when no row has room for all. */
  blocks: { section: string; row: string; seatIds: string[] }[];
  isSplit: boolean;
  /** How many free seats beside these are left alone. Nothing else was to be had then. */
  stranded: number;
};

export type BestSeats =
  ({ outcome: "found" } & PartySeats) | { outcome: "none"; reason: NoSeatsReason };

/** The best first. */
export type EqualSeats =
  { outcome: "found"; choices: PartySeats[] } | { outcome: "none"; reason: NoSeatsReason };

/**
 * `price`: no price of the show is wanted. `accessible`: not that many places for wheelchairs are free. `too_few`: not that many seats
 * are. `not_together`: they are, but too scattered.
 */
export type NoSeatsReason = "price" | "accessible" | "too_few" | "not_together";

/**
 * The best seats for a party: side by side, in the best price and nearest to the stage and the middle, beside no free seat that would
 * be left alone unless nothing else is to be had; in two rows, one behind the other, if no row has room. `seats` are in layout order.
 * Takes as many steps as the wanted sections have seats; as many times the party, if it has to be parted.
 */
export function findBestSeats(hall: Hall): BestSeats {
  const listed = listBestSeats(hall, 1);
  if (listed.outcome === "none") return listed;
  const [best] = listed.choices;
  if (best === undefined) throw new Error("The best is not among those that are worth as much");
  return { outcome: "found", ...best };
}

type Hall = {
  seating: Seating;
  seats: readonly { status: SeatStatus; priceCode: string }[];
  prices: readonly { priceCode: string; amountMinor: number; feeMinor: number }[];
  wish: SeatWish;
  /** The organiser's: how many seats of a row stay empty between two groups. */
  distanceSeats?: number;
};

/**
 * The best seats for a party and, nearest first, others that are worth as much and only lie farther away, up to `choicesMax` in
 * all. Everybody could be given others of them: they share no seat, and leave none alone between them.
 */
export function listBestSeats(hall: Hall, choicesMax: number): EqualSeats {
  const { seating, wish } = hall;
  const wantedPrices = findWantedPrices(hall);
  if (wantedPrices.size === 0) return { outcome: "none", reason: "price" };
  const offer = offerOf(hall, wantedPrices);
  const sections = seating.sections
    .filter(({ id }) => wish.sectionIds.length === 0 || wish.sectionIds.includes(id))
    .map((section) => ({ section, rows: openRows(section, offer) }));

  const found = bestBlocks(sections, hall, choicesMax) ?? bestSplit(sections, hall);
  if (found === undefined) return { outcome: "none", reason: reasonOf(sections, wish) };
  const choices = found.map(({ blocks, stranded }) => {
    return { blocks: blocks.map(describe), isSplit: blocks.length > 1, stranded };
  });
  return { outcome: "found", choices };
}

type OpenSection = { section: SeatedSection; rows: OpenStretch[][] };

/** What a seat of each wanted price costs. */
function findWantedPrices({ prices, wish }: Hall): Map<string, number> {
  const { priceCodes, priceMaxMinor = Infinity } = wish;
  return new Map(
    prices
      .filter(({ priceCode }) => priceCodes.length === 0 || priceCodes.includes(priceCode))
      .map(({ priceCode, amountMinor, feeMinor }) => [priceCode, amountMinor + feeMinor] as const)
      .filter(([, priceMinor]) => priceMinor <= priceMaxMinor),
  );
}

function offerOf({ seats, distanceSeats = 0 }: Hall, wantedPrices: Map<string, number>): SeatOffer {
  return {
    statusOf: ({ position }) => seats[position]?.status ?? "blocked",
    priceOf: ({ position }) => wantedPrices.get(seats[position]?.priceCode ?? ""),
    distanceSeats,
  };
}

function openRows({ rows }: SeatedSection, offer: SeatOffer): OpenStretch[][] {
  return rows.map((row) => row.map((stretch) => openStretch(stretch, offer)));
}

function bestBlocks(
  sections: OpenSection[],
  hall: Hall,
  choicesMax: number,
): SeatChoice[] | undefined {
  let best: SeatChoice | undefined;
  for (const choice of everyBlock(sections, hall)) best = betterOf(best, choice);
  if (best === undefined || choicesMax === 1) return best && [best];
  return listEqualChoices(everyBlock(sections, hall), best, choicesMax);
}

function* everyBlock(sections: OpenSection[], { seating, wish }: Hall): Generator<SeatChoice> {
  const party = { ...wish, seats: wish.quantity };
  for (const { section, rows } of sections) {
    for (const stretch of rows.flat()) {
      for (const block of findBlocks(stretch, party)) {
        yield choiceOf(block, section, seating.stage);
      }
    }
  }
}

/** Only the best: where parties must be parted, few seats are left. */
function bestSplit(sections: OpenSection[], { seating, wish }: Hall): [SeatChoice] | undefined {
  const party = { ...wish, seats: wish.quantity };
  let best: SeatChoice | undefined;
  for (const { section, rows } of sections) {
    const found = findSplitBlocks(section, rows, party, seating.stage);
    if (found !== undefined) best = betterOf(best, found);
  }
  return best && [best];
}

function describe({ stretch, start, seats }: Block) {
  const chosen = stretch.seats.slice(start, start + seats);
  const [first] = chosen;
  return {
    section: first?.section ?? "",
    row: first?.row ?? "",
    seatIds: chosen.map(({ id }) => id),
  };
}

function reasonOf(sections: OpenSection[], wish: SeatWish): NoSeatsReason {
  const free = { accessible: 0, companions: 0, ordinary: 0 };
  for (const { seats, closed } of sections.flatMap(({ rows }) => rows.flat())) {
    for (const [at, seat] of seats.entries()) {
      if (closed[at + 1] !== closed[at]) continue;
      if (seat.accessible === true) free.accessible += 1;
      else if (isCompanion(seat)) free.companions += 1;
      else free.ordinary += 1;
    }
  }
  if (free.accessible < wish.accessible) return "accessible";
  const companions = Math.min(free.companions, wish.companions);
  const room = free.ordinary + wish.accessible + companions;
  return room < wish.quantity ? "too_few" : "not_together";
}
