import { useContext } from "preact/hooks";

import { Island as Countdown } from "../islands/countdown/countdown.tsx";
import type { ShowPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { Island } from "./island.tsx";
import { PageContext } from "./page-context.ts";

/** What stands between a reader and the seats, if anything does. */
export function SaleNotice(show: ShowPage) {
  const { words, moment, list } = useSpeech();
  const { nowMs } = useContext(PageContext);
  const { phase, hasLine, salesOpenAt, venue, channels } = show;
  const isOnItsWay = phase === "before" || phase === "presale";
  if (phase === "open" && !hasLine) return null;
  return (
    <section class="wide banner" aria-label={words.show.choose}>
      {isOnItsWay && <h2>{words.show.opensAt(moment(salesOpenAt, venue.timeZone))}</h2>}
      {isOnItsWay && (
        <Island
          name="countdown"
          props={{ leftMs: Date.parse(salesOpenAt) - nowMs }}
          of={Countdown}
        />
      )}
      {phase === "presale" && <p>{words.show.presale(list(channels.map(({ name }) => name)))}</p>}
      {phase in words.show.phases && <Ended phase={phase as keyof typeof words.show.phases} />}
      {phase === "sold_out" && (
        <p>
          <a class="act main" href={`/shows/${show.showId}/waiting-list`}>
            {words.show.toWaitingList}
          </a>
        </p>
      )}
      {hasLine && !isOver(phase) && (
        <>
          <p>{words.show.line}</p>
          <p>
            <a
              class={phase === "sold_out" ? "act" : "act main"}
              href={`/shows/${show.showId}/line`}
            >
              {words.show.toLine}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

function Ended({ phase }: { phase: "cancelled" | "past" | "closed" | "sold_out" }) {
  const { title, text } = useSpeech().words.show.phases[phase];
  return (
    <>
      <h2>{title}</h2>
      <p>{text}</p>
    </>
  );
}

function isOver(phase: ShowPage["phase"]): boolean {
  return phase === "cancelled" || phase === "past" || phase === "closed";
}
