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
export function SeatChoice(props: {
  picker: Picker;
  /** Of a hold, whose places of areas stay as they are. */
  isChange?: true;
  children: ComponentChildren;
}) {
  const { picker, isChange, children } = props;
  const words = useBuyingWords().seats;
  const names = useSeatNames(picker);
  const [said, announce] = useState("");
  const [isListed, setIsListed] = useState(false);
  const [readLoss, setReadLoss] = useState<readonly string[]>();
  const loss = useLoss(picker, () => announce(""));
  const isLossNews = loss !== undefined && loss.lost !== readLoss;
  const isAway = useLiveSeats(picker);
  usePickerChanges(picker);
  const { count, totalMinor } = sumUp(picker);
  const total = names.sum(totalMinor);

  function tap(position: number): void {
    const outcome = picker.toggle(position);
    const seat = names.name(picker.hall.layout.seats[position]?.id ?? "");
    if (outcome === "full") return announce(words.full(picker.show.seatsPerBuyerMax));
    if (outcome === "not_free") return announce(words.notFree(seat));
    const sum = sumUp(picker);
    return announce(
      `${outcome === "taken" ? words.taken(seat) : words.dropped(seat)} ${words.sum(sum.count, names.sum(sum.totalMinor))}`,
    );
  }

  return (
    <div class="seat-picker">
      <div class="seat-picker-map">
        {isAway && <p class="told">{words.away}</p>}
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
        {(isLossNews || count > 0) && (
          <a
            class="act main choice-bar"
            href={isLossNews ? "#seats-lost" : "#choice-title"}
            onClick={() => setReadLoss(loss?.lost)}
          >
            {isLossNews ? words.lostBelow : words.sum(count, total)}
          </a>
        )}
      </div>
      <div class="seat-picker-side">
        {loss && <LossNotice {...{ picker, names, loss, announce }} />}
        <p class="said" role="status">
          {said}
        </p>
        <ChoiceSummary picker={picker} names={names} announce={announce}>
          {children}
        </ChoiceSummary>
        {!isChange && <AreaList picker={picker} sum={names.sum} />}
        <BestSeats picker={picker} sum={names.sum} announce={announce} />
      </div>
    </div>
  );
}

function sumUp(picker: Picker) {
  const choice = picker.choice();
  const { totalMinor } = priceChoice(choice, picker.hall, picker.show.prices);
  return { count: countChosen(choice), totalMinor };
}
