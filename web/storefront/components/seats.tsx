import { useContext } from "preact/hooks";

import type { SeatPickerProps, Show, ShowPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { Island } from "./island.tsx";
import { PageContext } from "./page-context.ts";
import { PriceTable } from "./price-table.tsx";

/** Where seats are chosen; prices alone while nobody can choose, and beside it while some can. */
export function Seats(show: ShowPage) {
  const { words } = useSpeech();
  const { nowMs } = useContext(PageContext);
  const { phase, freeSeats } = show;
  const table = <PriceTable {...{ prices: show.prices, freeSeats }} />;
  if (phase === "cancelled" || phase === "past") return null;
  const isShut = phase === "before" || phase === "closed";
  const isPresale = phase === "presale";
  return (
    <>
      {!isShut && (
        <section class="wide" id="seats">
          <h2>{words.show.choose}</h2>
          <p class="soft">{words.show.limit(show.seatsPerBuyerMax)}</p>
          <Island name="seat-picker" props={propsOf(show, nowMs)}>
            {!isPresale && table}
            <noscript>
              <p class="soft">{words.show.withoutScript}</p>
            </noscript>
          </Island>
        </section>
      )}
      {(isShut || isPresale) && (
        <section class="wide">
          <h2>{words.show.prices}</h2>
          {table}
        </section>
      )}
    </>
  );
}

function propsOf(show: ShowPage, nowMs: number): SeatPickerProps {
  const { showId, layoutHash, currency, prices, seatsPerBuyerMax, channels, phase } = show;
  const isOpen = ({ opensAt, closesAt }: Show["channels"][number]) =>
    Date.parse(opensAt) <= nowMs && (closesAt === null || nowMs < Date.parse(closesAt));
  return {
    ...{ showId, layoutHash, currency, prices, seatsPerBuyerMax },
    openChannels: channels.filter(isOpen).map(({ channel, name }) => ({ channel, name })),
    isPresale: phase === "presale",
  };
}
