import { useSpeech } from "../../speech/use-speech.tsx";
import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";

/** Room without seats: how many of each area. */
export function AreaList({ picker, sum }: { picker: Picker; sum: (minor: number) => string }) {
  const { seats: words } = useBuyingWords();
  const { number } = useSpeech();
  const areas = picker.hall.layout.areas ?? [];
  if (areas.length === 0) return null;
  return (
    <section class="areas" aria-labelledby="areas-title">
      <h3 id="areas-title">{words.areas}</h3>
      <ul>
        {areas.map(({ id, name, priceCode }) => {
          const price = picker.show.prices.find((one) => one.priceCode === priceCode);
          const count = picker.choice().places[id] ?? 0;
          const free = picker.freeIn(id);
          return (
            <li key={id}>
              <span>
                <b>{name}</b>{" "}
                <span class="soft">
                  {price && sum(price.amountMinor + price.feeMinor)} ·{" "}
                  {words.areaFree(number(free))}
                </span>
              </span>
              <span class="stepper">
                <button
                  type="button"
                  aria-label={words.less(name)}
                  disabled={count === 0}
                  onClick={() => picker.setPlaces(id, count - 1)}
                >
                  −
                </button>
                <output aria-live="off">{count}</output>
                <button
                  type="button"
                  aria-label={words.more(name)}
                  disabled={count >= free}
                  onClick={() => picker.setPlaces(id, count + 1)}
                >
                  +
                </button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
