import type { Layout } from "../../../../domain/layout.ts";
import type { PickedShow } from "../../page-data.ts";
import { setPlaces, toggleSeat } from "./choice.ts";
import type { Choice, Price } from "./choice.ts";
import type { SeatNews } from "./follow-seats.ts";
import { createHall } from "./hall.ts";
import type { Hall } from "./hall.ts";
import { keepChoice } from "./keep-choice.ts";
import { keepOrders } from "./keep-orders.ts";
import type { KeptOrders } from "./keep-orders.ts";
import { kindOf, stateOf } from "./seat-look.ts";
import type { SeatLook } from "./seat-look.ts";
import { createSeatStates, decodeBitmap } from "./seat-states.ts";
import type { SeatStates } from "./seat-states.ts";

export type ShowToPick = {
  showId: string;
  layoutHash: string;
  currency: string;
  seatsPerBuyerMax: number;
  prices: readonly Price[];
};

/** Of a show as the API gives it. */
export function toPick({
  showId,
  layoutHash,
  currency,
  seatsPerBuyerMax,
  prices,
}: PickedShow): ShowToPick {
  return {
    ...{ showId, layoutHash, currency, seatsPerBuyerMax },
    prices: prices.map(({ priceCode, name, amount, fee }) => ({
      ...{ priceCode, name, amountMinor: amount.amountMinor, feeMinor: fee.amountMinor },
    })),
  };
}

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
  /**
   * While the buyer's own order is under way, its seats look held and are not lost. One whose result `isOpen` got no answer: it stays
   * under way until another is answered or the choice is changed.
   */
  keepWhile: KeptOrders["keepWhile"];
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
  const orders = keepOrders();
  const choice = keepChoice(hall, own, (positions, lost) => {
    for (const listener of listeners) listener({ positions, lost });
  });

  function change(next: Choice): void {
    orders.forget();
    choice.change(next);
  }

  function canHave(seatId: string): boolean {
    const position = hall.positions.get(seatId);
    if (own.includes(seatId)) return true;
    return position !== undefined && states.statusAt(position) === "available";
  }

  return {
    ...{ show, hall },
    choice: choice.now,
    lookOf(position) {
      const seat = hall.layout.seats[position];
      const state = stateOf(states.statusAt(position), choice.has(seat?.id ?? ""));
      return { kind: kindOf(seat ?? {}), state, price: prices.get(seat?.priceCode ?? "") ?? 0 };
    },
    freeIn: (id) => freePlaces.get(id) ?? countFree(hall, states, id),
    toggle(position) {
      const seatId = hall.layout.seats[position]?.id ?? "";
      if (!choice.has(seatId) && !canHave(seatId)) return "not_free";
      const next = toggleSeat(choice.now(), seatId, show.seatsPerBuyerMax);
      if (next === undefined) return "full";
      change(next);
      return choice.has(seatId) ? "taken" : "dropped";
    },
    setPlaces(area, count) {
      const free = freePlaces.get(area) ?? 0;
      const wish = { area, count, free, seatsMax: show.seatsPerBuyerMax };
      change(setPlaces(choice.now(), wish));
    },
    choose: change,
    takeNews(news) {
      const all = news.bitmap === undefined ? [] : states.takeBitmap(decodeBitmap(news.bitmap));
      const some = states.takeChanges(news.seats ?? []);
      for (const { area, free } of news.areas ?? []) freePlaces.set(area, free);
      const { seatIds } = choice.now();
      const gone = orders.areOpen() ? [] : seatIds.filter((seatId) => !canHave(seatId));
      choice.lose(gone, [...all, ...some]);
    },
    lose: (seatIds) => choice.lose(seatIds),
    keepWhile: orders.keepWhile,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function countFree(hall: Hall, states: SeatStates, sectionId: string): number {
  const section = hall.sections.find(({ id }) => id === sectionId);
  const seats = section?.rows.flatMap((row) => row.seats) ?? [];
  return seats.filter((position) => states.statusAt(position) === "available").length;
}
