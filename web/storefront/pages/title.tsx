import { Poster } from "../components/poster.tsx";
import { ShowList } from "../components/show-list.tsx";
import type { Page } from "../page.ts";
import type { TitlePage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** A film, a play, a concert: what it is, and when and where it can be seen. */
export const titlePage: Page<"title"> = {
  head: ({ titleId, name, synopsis, poster }) => ({
    ...{ title: `${name} · Marquee`, description: synopsis, canonical: `/titles/${titleId}` },
    image: poster?.url,
  }),
  Body: TitleBody,
};

function TitleBody(title: TitlePage) {
  const { words, list, languageName, duration } = useSpeech();
  const { name, kind, genre, people, synopsis, poster, shows } = title;
  const cities = Map.groupBy(shows, ({ city }) => city);
  return (
    <>
      <article class="wide hero">
        <Poster {...{ poster, title: name }} isFirst />
        <div class="prose">
          <p class="over">{[words.title.kinds[kind], genre].join(" · ")}</p>
          <h1>{name}</h1>
          <p class="facts">
            <span>{duration(title.durationMinutes)}</span>
            {title.ageRating !== "" && <span>{words.title.age(title.ageRating)}</span>}
            <span>{words.title.spoken(languageName(title.language))}</span>
          </p>
          <p>{synopsis}</p>
          {people.length > 0 && <p class="soft">{words.title.with(list(people))}</p>}
        </div>
      </article>
      <section class="wide">
        <h2>{words.title.shows}</h2>
        {shows.length === 0 && <p>{words.title.noShows}</p>}
        {[...cities].map(([city, inCity]) => (
          <section key={city}>
            {cities.size > 1 && <h3 class="city">{city}</h3>}
            <ShowList
              shows={inCity}
              says={({ venueName, hallName }) => `${venueName}, ${hallName}`}
            />
          </section>
        ))}
      </section>
    </>
  );
}
