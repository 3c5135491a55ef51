import { useSpeech } from "../../speech/use-speech.tsx";
import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import { nameSeat } from "./name-seat.ts";

/** How seats of this show are called, and what is said of them. */
export function useSeatNames(picker: Picker) {
  const { money, list } = useSpeech();
  const words = useBuyingWords();
  const { hall, show } = picker;
  const sum = (amountMinor: number) => money({ amountMinor, currency: show.currency });

  const name = (seatId: string) => nameSeat(hall, seatId, words);

  return {
    sum,
    name,
    names: (seatIds: readonly string[]) => list(seatIds.map(name)),
    /** "Row F seat 12, wheelchair place, €45, free": what a seat costs with its fee. */
    describe(position: number): string {
      const { kind, state, price } = picker.lookOf(position);
      const { amountMinor = 0, feeMinor = 0 } = show.prices[price] ?? {};
      return words.seats.described({
        seat: name(hall.layout.seats[position]?.id ?? ""),
        kind: kind === "seat" ? "" : words.seats.kinds[kind],
        price: sum(amountMinor + feeMinor),
        state: words.seats.states[state],
      });
    },
  };
}
