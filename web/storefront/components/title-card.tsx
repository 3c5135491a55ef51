import type { FoundShow, FoundTitle } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { Marked } from "./marked.tsx";
import { Poster } from "./poster.tsx";
import { State } from "./state.tsx";

/** A title with its next shows. */
export function TitleCard({ found, isFirst }: { found: FoundTitle; isFirst: boolean }) {
  const { words, list } = useSpeech();
  const { titleId, title, shows, showsTotal = shows.length } = found;
  const [first] = shows;
  if (first === undefined) return null;
  const marked = first.highlights?.people?.map((parts) => parts.map(({ text }) => text).join(""));
  const left = showsTotal - shows.length;
  return (
    <li class="card">
      <Poster {...{ poster: first.poster, title, isFirst }} />
      <div class="text">
        <h2>
          <a href={`/titles/${titleId}`}>
            <Marked text={title} parts={first.highlights?.title} />
          </a>
        </h2>
        <p class="soft small">
          {first.genre}
          {marked !== undefined && <mark class="with">{list(marked)}</mark>}
        </p>
        <ul class="next">
          {shows.map((show) => (
            <NextShow key={show.showId} show={show} />
          ))}
        </ul>
        {left > 0 && (
          <p class="small">
            <a class="more" href={`/titles/${titleId}`}>
              {words.results.moreShows(left)}
            </a>
          </p>
        )}
      </div>
    </li>
  );
}

function NextShow({ show }: { show: FoundShow }) {
  const { words, shortDay, money } = useSpeech();
  const { showId, startsAt, localDate, localTime, venueName, city, priceFrom, highlights } = show;
  return (
    <li>
      <a href={`/shows/${showId}`}>
        <time class="time" datetime={startsAt}>
          {shortDay(localDate)}, {localTime}
        </time>
        <span>
          <Marked text={venueName} parts={highlights?.venueName} />,{" "}
          <Marked text={city} parts={highlights?.city} />
        </span>
        <span class="row">
          <span class="small">{words.show.from(money(priceFrom))}</span>
          <State show={show} />
        </span>
      </a>
    </li>
  );
}
