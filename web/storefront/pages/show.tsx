import { Poster } from "../components/poster.tsx";
import { SaleNotice } from "../components/sale-notice.tsx";
import { Seats } from "../components/seats.tsx";
import { describeEvent } from "../describe-event.ts";
import type { Page } from "../page.ts";
import type { ShowPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** One evening: when, where, what it costs, and the seats to choose from. */
export const showPage: Page<"show"> = {
  head: (show, { words, day, shortDay }) => {
    const { title, venue, localDate, localTime } = show;
    return {
      title: `${title.name} · ${venue.name}, ${shortDay(localDate)} · Marquee`,
      description: words.show.description(
        title.name,
        venue.name,
        venue.city,
        day(localDate),
        localTime,
      ),
      canonical: `/shows/${show.showId}`,
      structured: (address) => describeEvent(show, address),
      image: title.poster?.url,
    };
  },
  Body: ShowBody,
};

function ShowBody(show: ShowPage) {
  const { words, day, duration, languageName } = useSpeech();
  const { title, venue, hallName, localDate, localTime, startsAt, format } = show;
  return (
    <>
      <article class="wide hero low">
        <Poster {...{ poster: title.poster, title: title.name }} isFirst />
        <div class="prose">
          <p class="over">{[words.title.kinds[title.kind], title.genre].join(" · ")}</p>
          <h1>{title.name}</h1>
          <dl class="when">
            <dt>{words.show.when}</dt>
            <dd>
              <time datetime={startsAt}>
                {day(localDate)}, {localTime}
              </time>
            </dd>
            <dt>{words.show.where}</dt>
            <dd>
              <a href={`/venues/${venue.venueId}`}>{venue.name}</a>, {hallName}
              <small>
                {venue.address}, {venue.city}
              </small>
            </dd>
          </dl>
          <p class="facts">
            {format !== "" && <span>{format}</span>}
            <span>{duration(title.durationMinutes)}</span>
            {title.ageRating !== "" && <span>{words.title.age(title.ageRating)}</span>}
            <span>{words.title.spoken(languageName(title.language))}</span>
          </p>
          <p>
            <a href={`/titles/${title.titleId}`}>{words.show.otherShows}</a>
          </p>
        </div>
      </article>
      <SaleNotice {...show} />
      <Seats {...show} />
    </>
  );
}
