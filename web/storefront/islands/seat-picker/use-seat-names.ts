import { useSpeech } from "../../speech/use-speech.tsx";
import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";

/** How seats of this show are called, and what is said of them. */
export function useSeatNames(picker: Picker) {
  const { money, list } = useSpeech();
  const { seats: words } = useBuyingWords();
  const { hall, show } = picker;
  const sum = (amountMinor: number) => money({ amountMinor, currency: show.currency });

  /** "Row F seat 12" */
  function name(seatId: string): string {
    const seat = hall.layout.seats[hall.positions.get(seatId) ?? -1];
    if (seat !== undefined) return words.seat(seat.row, seat.number);
    const area = hall.layout.areas?.find(({ id }) => id === seatId.split(":")[0]);
    return area === undefined ? seatId : words.place(area.name);
  }

  return {
    sum,
    name,
    names: (seatIds: readonly string[]) => list(seatIds.map(name)),
    /** "Row F seat 12, wheelchair place, €45, free": what a seat costs with its fee. */
    describe(position: number): string {
      const { kind, state, price } = picker.lookOf(position);
      const { amountMinor = 0, feeMinor = 0 } = show.prices[price] ?? {};
      return words.described({
        seat: name(hall.layout.seats[position]?.id ?? ""),
        kind: kind === "seat" ? "" : words.kinds[kind],
        price: sum(amountMinor + feeMinor),
        state: words.states[state],
      });
    },
  };
}
