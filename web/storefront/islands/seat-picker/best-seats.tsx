import { useState } from "preact/hooks";

import { BusyButton } from "../../components/busy-button.tsx";
import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import { findSeats } from "./find-seats.ts";

/** "Find the best seats": for people who want to sit well and together, and not to search for it. */
export function BestSeats({
  picker,
  sum,
  announce,
}: {
  picker: Picker;
  sum: (minor: number) => string;
  announce: (text: string) => void;
}) {
  const { seats: words } = useBuyingWords();
  const [isLooking, setIsLooking] = useState(false);
  const { show, hall } = picker;
  if (hall.layout.seats.length === 0) return null;

  async function find(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const count = (name: string) => Number(form.get(name) ?? 0);
    const priceCode = form.get("price");
    setIsLooking(true);
    const found = await findSeats(show.showId, {
      ...{ quantity: count("people"), accessible: count("wheelchairs") },
      companions: count("companions"),
      priceCode: typeof priceCode === "string" && priceCode !== "" ? priceCode : undefined,
    });
    setIsLooking(false);
    if (found === "none") return announce(words.noneFound);
    if (found === "away") return announce(words.noAnswer);
    picker.choose({ seatIds: found.seatIds, places: picker.choice().places });
    return announce(found.isSplit ? words.foundApart : words.found(found.seatIds.length));
  }

  return (
    <form class="best-seats" onSubmit={(event) => void find(event)}>
      <h3>{words.best}</h3>
      <WishFields picker={picker} sum={sum} />
      <BusyButton class="act" isBusy={isLooking}>
        {isLooking ? words.finding : words.find}
      </BusyButton>
    </form>
  );
}

function WishFields({ picker, sum }: { picker: Picker; sum: (minor: number) => string }) {
  const { seats: words } = useBuyingWords();
  const { show, hall } = picker;
  const max = show.seatsPerBuyerMax;
  return (
    <div class="fields">
      <Count name="people" label={words.people} from={1} max={max} />
      <label>
        {words.price}
        <select name="price">
          <option value="">{words.anyPrice}</option>
          {show.prices
            .filter(({ priceCode }) => hall.seatPrices.has(priceCode))
            .map(({ priceCode, name, amountMinor, feeMinor }) => (
              <option key={priceCode} value={priceCode}>
                {name}, {sum(amountMinor + feeMinor)}
              </option>
            ))}
        </select>
      </label>
      {hall.hasAccessible && (
        <>
          <Count name="wheelchairs" label={words.wheelchairs} from={0} max={max} />
          <Count name="companions" label={words.companions} from={0} max={max} />
        </>
      )}
    </div>
  );
}

function Count(field: { name: string; label: string; from: number; max: number }) {
  const { name, label, from, max } = field;
  const counts = Array.from({ length: max - from + 1 }, (_, index) => from + index);
  return (
    <label>
      {label}
      <select name={name}>
        {counts.map((count) => (
          <option key={count} selected={count === Math.min(max, from * 2)}>
            {count}
          </option>
        ))}
      </select>
    </label>
  );
}
