import { bookingSeatsMax } from "../../domain/booking.ts";
import { DomainError } from "../../domain/errors.ts";
import { listBestSeats } from "../../domain/find-best-seats.ts";
import type { PartySeats, SeatWish } from "../../domain/find-best-seats.ts";
import { pickChoice } from "../../domain/pick-choice.ts";
import { createRecentCount } from "./count-recent.ts";
import { createKeptChoices } from "./kept-choices.ts";
import type { ChannelKey, OpenChannel } from "../shows/open-channel.ts";
import type { ShowSeats } from "./read-seats.ts";
import type { ShowCache } from "../shows/show-cache.ts";

export type OfferedSeats = PartySeats & {
  layoutHash: string;
  seatIds: string[];
  /** What they cost together, fees included. */
  totalMinor: number;
  currency: string;
};

/**
 * The best seats of a show for a party, as they are free now. Nothing is held: somebody else may be faster. Those who ask for
 * the same within seconds are given different seats that are worth as much, so that not all but one of them ask in vain.
 */
export function createFindBestSeats(deps: {
  shows: ShowCache;
  openChannel: OpenChannel;
  /** In layout order. */
  seats: (showId: string, channel?: string) => Promise<ShowSeats>;
  random?: () => number;
}) {
  const { random = Math.random } = deps;
  const countAskers = createRecentCount();
  const keptChoices = createKeptChoices();

  return async (showId: string, wish: SeatWish, key?: ChannelKey): Promise<OfferedSeats> => {
    const show = await deps.shows.show(showId);
    const channel = await deps.openChannel(showId, key);
    const seatsMax = Math.min(show.seatsPerBuyerMax, bookingSeatsMax);
    if (wish.quantity > seatsMax) throw new DomainError("SEATS_TOO_MANY", { seatsMax });
    refuseUnknown(
      "PRICE_UNKNOWN",
      wish.priceCodes,
      show.prices.map(({ priceCode }) => priceCode),
    );
    const [{ layout, seating }, { layoutHash, seats }] = await Promise.all([
      deps.shows.layout(show.layoutHash),
      deps.seats(showId, channel),
    ]);
    if (layout.seats.length === 0)
      throw new DomainError("SEATS_UNAVAILABLE", { reason: "no_seats" });
    refuseUnknown(
      "SECTION_UNKNOWN",
      wish.sectionIds,
      layout.sections.map(({ id }) => id),
    );

    const asked = JSON.stringify([showId, wish, channel]);
    const askers = countAskers(asked);
    const list = () => {
      const listed = listBestSeats(
        { seating, seats, prices: show.prices, wish, distanceSeats: show.seatsApart },
        askers === 1 ? 1 : choicesMax,
      );
      if (listed.outcome === "found") return listed.choices;
      throw new DomainError("SEATS_UNAVAILABLE", { reason: listed.reason });
    };
    // A choice that was listed before may be too near to somebody by now.
    const isListedAnew = askers === 1 || show.seatsApart > 0;
    const choices = isListedAnew ? list() : keptChoices(asked, seats, list);
    const best = choices[pickChoice({ askers, choices: choices.length, seed: random() })];
    if (best === undefined) throw new Error("None of the choices was picked");
    const seatIds = best.blocks.flatMap((block) => block.seatIds);
    const chosen = new Set(seatIds);
    const costs = new Map(
      show.prices.map(({ priceCode, amountMinor, feeMinor }) => [
        priceCode,
        amountMinor + feeMinor,
      ]),
    );
    let totalMinor = 0;
    for (const { id, priceCode } of seats) {
      if (chosen.has(id)) totalMinor += costs.get(priceCode) ?? 0;
    }
    return { ...best, layoutHash, seatIds, totalMinor, currency: show.currency };
  };
}

function refuseUnknown(
  code: "PRICE_UNKNOWN" | "SECTION_UNKNOWN",
  wanted: string[],
  known: string[],
): void {
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new DomainError(code, { unknown, known: known.slice(0, knownMax) });
}

/** 50 askers' worth. More at once take what is left of these, and ask again. */
const choicesMax = 200;

/** An arena has dozens of sections; an answer need not name more. */
const knownMax = 100;
