import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { useBuyingWords } from "../booking/use-buying-words.ts";
import { AreaList } from "./area-list.tsx";
import { BestSeats } from "./best-seats.tsx";
import { countChosen, priceChoice } from "./choice.ts";
import { ChoiceSummary } from "./choice-summary.tsx";
import type { Picker } from "./create-picker.ts";
import { LossNotice } from "./loss-notice.tsx";
import { SeatLegend } from "./seat-legend.tsx";
import { SeatList } from "./seat-list.tsx";
import { SeatMap } from "./seat-map.tsx";
import { useLoss } from "./use-loss.ts";
import { useLiveSeats, usePickerChanges } from "./use-picker.ts";
import { useSeatNames } from "./use-seat-names.ts";

/** Map, list, areas and the best seats, each another way to the same choice. `children` stand below what it costs. */
export function SeatChoice({ picker, children }: { picker: Picker; children: ComponentChildren }) {
  const words = useBuyingWords().seats;
  const names = useSeatNames(picker);
  const [said, announce] = useState("");
  const [isListed, setIsListed] = useState(false);
  const { loss, forget } = useLoss(picker);
  const isAway = useLiveSeats(picker);
  usePickerChanges(picker);

  function tap(position: number): void {
    const outcome = picker.toggle(position);
    const seat = names.name(picker.hall.layout.seats[position]?.id ?? "");
    if (outcome === "full") return announce(words.full(picker.show.seatsPerBuyerMax));
    if (outcome === "not_free") return announce(words.notFree(seat));
    forget();
    const choice = picker.choice();
    const { totalMinor } = priceChoice(choice, picker.hall, picker.show.prices);
    const sum = words.sum(countChosen(choice), names.sum(totalMinor));
    return announce(`${outcome === "taken" ? words.taken(seat) : words.dropped(seat)} ${sum}`);
  }

  return (
    <div class="seat-picker">
      <div class="seat-picker-map">
        <p class="quiet">{words.limit(picker.show.seatsPerBuyerMax)}</p>
        {isAway && <p class="notice">{words.away}</p>}
        {picker.hall.layout.seats.length > 0 && (
          <>
            <SeatMap picker={picker} describe={names.describe} onTap={tap} />
            <SeatLegend picker={picker} sum={names.sum} />
            <details onToggle={({ currentTarget }) => setIsListed(currentTarget.open)}>
              <summary>{words.list}</summary>
              {isListed && <SeatList picker={picker} describe={names.describe} onTap={tap} />}
            </details>
          </>
        )}
      </div>
      <div class="seat-picker-side">
        {loss && <LossNotice {...{ picker, names, loss, forget, announce }} />}
        <p class="said" role="status">
          {said}
        </p>
        <ChoiceSummary picker={picker} names={names} announce={announce}>
          {children}
        </ChoiceSummary>
        <AreaList picker={picker} sum={names.sum} />
        <BestSeats picker={picker} sum={names.sum} announce={announce} />
      </div>
    </div>
  );
}
