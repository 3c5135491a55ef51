import type { SeatStatus } from "./booking.ts";
import { listBestSeats } from "./find-best-seats.ts";
import type { Layout } from "./layout.ts";
import { areasOf, listShowSeats } from "./places.ts";
import type { Seating } from "./read-seating.ts";
import { nearSeats } from "./seats-apart.ts";
import type { WaitingWish } from "./waiting-list.ts";

/** What somebody on the list is offered: seats, or so many places of an area; `seatIds` are candidates then. */
export type ChosenOffer = {
  entryId: string;
  seatIds: string[];
  area: string | null;
  quantity: number;
};

/** The free seats of a show, of which less is left after each choice. */
export type OfferedHall = {
  layout: Layout;
  seating: Seating;
  /** By seat; what is kept for a channel is blocked. */
  statuses: Map<string, SeatStatus>;
  prices: readonly { priceCode: string; amountMinor: number; feeMinor: number }[];
  seatsApart: number;
};

type Party = WaitingWish & { entryId: string };

/**
 * Gives what is free to those who wait, in their order: each party that fits gets its seats, one that does not is passed over. What was
 * looked for in vain is not looked for again, however many wait for the same, because seats only become fewer. The statuses of the hall
 * are changed as seats are given away; `inVain` is kept from page to page.
 */
export function chooseOffers(
  hall: OfferedHall,
  parties: readonly Party[],
  inVain: Set<string>,
): ChosenOffer[] {
  const offers: ChosenOffer[] = [];
  for (const { entryId, ...wish } of parties) {
    const wanted = JSON.stringify(wish);
    if (inVain.has(wanted)) continue;
    const chosen = chosenFor(hall, wish);
    if (chosen === undefined) {
      inVain.add(wanted);
      continue;
    }
    for (const seatId of chosen.seatIds.slice(0, wish.partySize)) hall.statuses.set(seatId, "held");
    offers.push({ entryId, quantity: wish.partySize, ...chosen });
  }
  return offers;
}

/** Whether a party finds room in what is free. */
export function fitsHall(hall: OfferedHall, wish: WaitingWish): boolean {
  return chosenFor(hall, wish) !== undefined;
}

function chosenFor(hall: OfferedHall, wish: WaitingWish): Chosen | undefined {
  return seatsFor(hall, wish) ?? placesFor(hall, wish);
}

type Chosen = Pick<ChosenOffer, "seatIds" | "area">;

function seatsFor(hall: OfferedHall, wish: WaitingWish): Chosen | undefined {
  const { layout, seating, statuses, prices, seatsApart } = hall;
  const seats = layout.seats.map(({ id, priceCode }) => ({
    status: statuses.get(id) ?? ("blocked" as const),
    priceCode,
  }));
  const { partySize: quantity, priceCodes, accessible, companions } = wish;
  const found = listBestSeats(
    {
      ...{ seating, seats, prices, distanceSeats: seatsApart },
      wish: {
        ...{ quantity, priceCodes, accessible, companions, sectionIds: [] },
        priceMaxMinor: seatMaxMinor(wish),
      },
    },
    1,
  );
  const best = found.outcome === "found" ? found.choices[0] : undefined;
  if (best !== undefined && !(best.isSplit && wish.isTogether)) {
    return { area: null, seatIds: best.blocks.flatMap(({ seatIds }) => seatIds) };
  }
  return wish.isTogether || accessible > 0 ? undefined : scatteredSeats(hall, wish);
}

/** Wherever they are, in layout order. */
function scatteredSeats(hall: OfferedHall, wish: WaitingWish): Chosen | undefined {
  const { layout, seating, statuses, seatsApart } = hall;
  const taken = layout.seats.filter(({ id }) => isTaken(statuses.get(id))).map(({ id }) => id);
  const near = new Set(seatsApart > 0 ? nearSeats(seating, taken, seatsApart) : []);
  const wanted = wantedPrices(hall, wish);
  const seatIds = layout.seats
    .filter(({ accessible, companion }) => accessible !== true && companion !== true)
    .filter(({ id, priceCode }) => statuses.get(id) === "available" && wanted.has(priceCode))
    .flatMap(({ id }) => (near.has(id) ? [] : [id]))
    .slice(0, wish.partySize);
  return seatIds.length < wish.partySize ? undefined : { area: null, seatIds };
}

function placesFor(hall: OfferedHall, wish: WaitingWish): Chosen | undefined {
  if (wish.accessible > 0) return undefined;
  const wanted = wantedPrices(hall, wish);
  for (const area of areasOf(hall.layout)) {
    if (!wanted.has(area.priceCode)) continue;
    const seatIds = listShowSeats({ ...hall.layout, seats: [], areas: [area] })
      .map(({ id }) => id)
      .filter((id) => hall.statuses.get(id) === "available")
      .slice(0, wish.partySize);
    if (seatIds.length === wish.partySize) return { area: area.id, seatIds };
  }
  return undefined;
}

function wantedPrices({ prices }: OfferedHall, wish: WaitingWish): Set<string> {
  const wanted = prices
    .filter(({ priceCode }) => wish.priceCodes.length === 0 || wish.priceCodes.includes(priceCode))
    .filter(({ amountMinor, feeMinor }) => amountMinor + feeMinor <= seatMaxMinor(wish));
  return new Set(wanted.map(({ priceCode }) => priceCode));
}

/** An equal share for everybody: within a row seats of two prices are rare. */
function seatMaxMinor({ totalMaxMinor, partySize }: WaitingWish): number {
  return totalMaxMinor === null ? Infinity : Math.floor(totalMaxMinor / partySize);
}

function isTaken(status: SeatStatus | undefined): boolean {
  return status === "held" || status === "booked";
}
