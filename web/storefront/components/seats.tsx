import type { SeatPickerProps, ShowPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { Island } from "./island.tsx";
import { PriceTable } from "./price-table.tsx";

/** Where seats are chosen; prices alone while nobody can choose. */
export function Seats(show: ShowPage) {
  const { words } = useSpeech();
  const { phase, freeSeats } = show;
  const table = <PriceTable {...{ prices: show.prices, freeSeats }} />;
  if (phase === "cancelled" || phase === "past") return null;
  // A code for a presale cannot be given here.
  if (phase === "before" || phase === "presale" || phase === "closed") {
    return (
      <section class="wide">
        <h2>{words.show.prices}</h2>
        {table}
      </section>
    );
  }
  return (
    <section class="wide" id="seats">
      <h2>{words.show.choose}</h2>
      <p class="soft">{words.show.limit(show.seatsPerBuyerMax)}</p>
      <Island name="seat-picker" props={propsOf(show)}>
        {table}
        <noscript>
          <p class="soft">{words.show.withoutScript}</p>
        </noscript>
      </Island>
    </section>
  );
}

function propsOf({
  showId,
  layoutHash,
  currency,
  prices,
  seatsPerBuyerMax,
}: ShowPage): SeatPickerProps {
  return { showId, layoutHash, currency, prices, seatsPerBuyerMax };
}
