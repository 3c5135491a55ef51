import type { ShowSummary } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { State } from "./state.tsx";

/** Shows by day, each a link. `says`: what tells them apart on this page. */
export function ShowList({
  shows,
  says,
}: {
  shows: ShowSummary[];
  says: (show: ShowSummary) => string;
}) {
  const { day } = useSpeech();
  return (
    <div class="days">
      {[...Map.groupBy(shows, ({ localDate }) => localDate)].map(([date, ofDay]) => (
        <section key={date} class="day">
          <h3>
            <time datetime={date}>{day(date)}</time>
          </h3>
          <ul class="shows">
            {ofDay.map((show) => (
              <ShowRow key={show.showId} show={show} says={says(show)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ShowRow({ show, says }: { show: ShowSummary; says: string }) {
  const { words, money } = useSpeech();
  const { showId, startsAt, localTime, format, priceFrom } = show;
  return (
    <li>
      <a class="show" href={`/shows/${showId}`}>
        <time class="time" datetime={startsAt}>
          {localTime}
        </time>
        <span class="where">
          {says}
          {format !== "" && <small>{format}</small>}
        </span>
        <span class="facts">
          {words.show.from(money(priceFrom))}
          <State show={show} />
        </span>
      </a>
    </li>
  );
}
