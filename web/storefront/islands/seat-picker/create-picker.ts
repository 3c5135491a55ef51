import type { Layout } from "../../../../domain/layout.ts";
import { countChosen, dropSeats, nothingChosen, setPlaces, toggleSeat } from "./choice.ts";
import type { Choice, Price } from "./choice.ts";
import type { SeatNews } from "./follow-seats.ts";
import { createHall } from "./hall.ts";
import type { Hall } from "./hall.ts";
import { kindOf, stateOf } from "./seat-look.ts";
import type { SeatLook } from "./seat-look.ts";
import { createSeatStates, decodeBitmap } from "./seat-states.ts";

export type ShowToPick = {
  showId: string;
  layoutHash: string;
  currency: string;
  seatsPerBuyerMax: number;
  prices: readonly Price[];
};

/** What one buyer sees of one show and chooses from it, apart from how it is drawn. */
export type Picker = {
  show: ShowToPick;
  hall: Hall;
  choice(): Choice;
  lookOf(position: number): SeatLook;
  /** Free places of an area, and seats of a section, now. */
  freeIn(id: string): number;
  /** Takes a seat or lets it go. What cannot be done is said why. */
  toggle(position: number): "taken" | "dropped" | "full" | "not_free";
  setPlaces(area: string, count: number): void;
  choose(choice: Choice): void;
  takeNews(news: SeatNews): void;
  /** Seats that somebody else was given: they leave the choice. */
  lose(seatIds: readonly string[]): void;
  /** While the buyer's own order is under way, its seats look held and are not lost. */
  keepWhile<Result>(order: () => Promise<Result>): Promise<Result>;
  /** Called with the seats that look different, after each change of anything; returns how to stop it. */
  listen(listener: PickerListener): () => void;
};

export type PickerListener = (change: {
  positions: readonly number[];
  lost: readonly string[];
}) => void;

/** `own` are seats that the buyer holds already. */
export function createPicker(
  show: ShowToPick,
  layout: Layout,
  own: readonly string[] = [],
): Picker {
  const hall = createHall(layout);
  const states = createSeatStates(hall.positions);
  const prices = new Map(show.prices.map(({ priceCode }, index) => [priceCode, index]));
  const freePlaces = new Map<string, number>();
  const listeners = new Set<PickerListener>();
  let choice: Choice = { ...nothingChosen, seatIds: own };
  let chosen = new Set<string>(own);
  let ordersUnderWay = 0;

  function tell(positions: readonly number[], lost: readonly string[] = []): void {
    for (const listener of listeners) listener({ positions, lost });
  }

  function positionsOf(seatIds: Iterable<string>): number[] {
    return [...seatIds].flatMap((seatId) => hall.positions.get(seatId) ?? []);
  }

  function choose(next: Choice, also: readonly number[] = [], lost: readonly string[] = []): void {
    const before = chosen;
    [choice, chosen] = [next, new Set(next.seatIds)];
    const other = [...before, ...chosen].filter((id) => before.has(id) !== chosen.has(id));
    tell([...new Set([...also, ...positionsOf(other)])], lost);
  }

  function isOnSale(seatId: string): boolean {
    const position = hall.positions.get(seatId);
    if (own.includes(seatId)) return true;
    return position !== undefined && states.statusAt(position) === "available";
  }

  function lose(seatIds: readonly string[], also: readonly number[] = []): void {
    const lost = seatIds.filter((seatId) => chosen.has(seatId) && !own.includes(seatId));
    choose(dropSeats(choice, lost), also, lost);
  }

  return {
    ...{ show, hall },
    choice: () => choice,
    lookOf(position) {
      const seat = hall.layout.seats[position];
      const state = stateOf(states.statusAt(position), chosen.has(seat?.id ?? ""));
      return { kind: kindOf(seat ?? {}), state, price: prices.get(seat?.priceCode ?? "") ?? 0 };
    },
    freeIn(id) {
      const section = hall.sections.find((one) => one.id === id);
      if (section === undefined) return freePlaces.get(id) ?? 0;
      const seats = section.rows.flatMap((row) => row.seats);
      return seats.filter((position) => states.statusAt(position) === "available").length;
    },
    toggle(position) {
      const seatId = hall.layout.seats[position]?.id ?? "";
      if (!chosen.has(seatId) && !isOnSale(seatId)) return "not_free";
      const next = toggleSeat(choice, seatId, show.seatsPerBuyerMax);
      if (next === undefined) return "full";
      choose(next);
      return chosen.has(seatId) ? "taken" : "dropped";
    },
    setPlaces(area, count) {
      const free = freePlaces.get(area) ?? 0;
      choose(setPlaces(choice, { area, count, free, seatsMax: show.seatsPerBuyerMax }));
    },
    choose: (next) => choose(next),
    takeNews(news) {
      const all = news.bitmap === undefined ? [] : states.takeBitmap(decodeBitmap(news.bitmap));
      const some = states.takeChanges(news.seats ?? []);
      for (const { area, free } of news.areas ?? []) freePlaces.set(area, free);
      const gone = ordersUnderWay > 0 ? [] : choice.seatIds.filter((id) => !isOnSale(id));
      lose(gone, [...all, ...some]);
    },
    lose: (seatIds) => lose(seatIds),
    async keepWhile(order) {
      ordersUnderWay += 1;
      try {
        return await order();
      } finally {
        ordersUnderWay -= 1;
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function hasChosen(picker: Picker): boolean {
  return countChosen(picker.choice()) > 0;
}
