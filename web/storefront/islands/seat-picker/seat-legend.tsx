import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import { priceColorCount } from "./seat-colors.ts";

/** What colours and shapes of the map mean, in the shapes of the map. */
export function SeatLegend({ picker, sum }: { picker: Picker; sum: (minor: number) => string }) {
  const { seats: words } = useBuyingWords();
  const { layout, seatPrices, hasAccessible, hasCompanion } = picker.hall;
  const used = new Set([...seatPrices, ...(layout.areas ?? []).map(({ priceCode }) => priceCode)]);
  return (
    <ul class="seat-legend" aria-label={words.legend}>
      {picker.show.prices.map(({ priceCode, name, amountMinor, feeMinor }, index) =>
        used.has(priceCode) ? (
          <li key={priceCode}>
            <Mark shape="seat" tone={`price-${index % priceColorCount}`} />
            {name} {sum(amountMinor + feeMinor)}
          </li>
        ) : null,
      )}
      {hasAccessible && (
        <li>
          <Mark shape="accessible" tone="any" />
          {words.kinds.accessible}
        </li>
      )}
      {hasCompanion && (
        <li>
          <Mark shape="companion" tone="any" />
          {words.kinds.companion}
        </li>
      )}
      {(["chosen", "held", "sold", "blocked"] as const).map((state) => (
        <li key={state}>
          <Mark shape={state} tone={state} />
          {words.states[state]}
        </li>
      ))}
    </ul>
  );
}

const paths = {
  seat: "M8 2.5a5.5 5.5 0 1 0 .01 0z",
  accessible: "M2.5 2.5h11v11h-11z",
  companion: "M8 1l7 7-7 7-7-7z",
  chosen: "M8 1a7 7 0 1 0 .01 0zM4.8 8.2l2.3 2.4 4.2-5",
  held: "M8 3.5a4.5 4.5 0 1 0 .01 0z",
  sold: "M4.5 4.5l7 7m0-7l-7 7",
  blocked: "M4.5 8h7",
} as const;

function Mark({ shape, tone }: { shape: keyof typeof paths; tone: string }) {
  return (
    <svg
      class="mark"
      data-tone={tone}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <path d={paths[shape]} />
    </svg>
  );
}
