import { addressOf } from "../components/address-of.ts";
import { Chips } from "../components/chips.tsx";
import { PlaceForm } from "../components/place-form.tsx";
import { Results } from "../components/results.tsx";
import type { Page } from "../page.ts";
import type { ResultsPage, Wishes } from "../page-data.ts";
import type { Speech } from "../speech/create-speech.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** What is on, by place, day and kind. */
export const homePage: Page<"home"> = {
  head: ({ wishes, isFirst }, speech) => ({
    title: `${headingOf(wishes, speech)} · Marquee`,
    description: speech.words.home.description,
    // Each city, day and genre is a page of its own; what comes after the first is none.
    canonical: isFirst ? addressOf("/", wishes) : undefined,
  }),
  Body: HomeBody,
};

const days = ["", "today", "tonight", "tomorrow", "this-weekend"] as const;

function HomeBody(page: ResultsPage) {
  const speech = useSpeech();
  const { words } = speech;
  const { wishes, titles, facets = {} } = page;
  const genres = facets["genre"] ?? [];
  return (
    <>
      <section class="band">
        <div class="wide">
          <h1>{headingOf(wishes, speech)}</h1>
          <p class="lead">{words.home.description}</p>
        </div>
      </section>
      <div class="wide choices">
        <Chips
          name={words.home.when}
          chips={days.map((day) => ({
            label: words.home.dayChoices[day],
            href: addressOf("/", wishes, { date: day }),
            isChosen: (wishes.date ?? "") === day,
          }))}
        />
        <PlaceForm wishes={wishes} cities={facets["city"] ?? []} />
        {genres.length > 0 && (
          <Chips
            name={words.home.what}
            chips={[
              {
                label: words.home.everything,
                href: addressOf("/", wishes, { genre: undefined }),
                isChosen: wishes.genre === undefined,
              },
              ...genres.slice(0, genresMax).map(({ value, count }) => ({
                ...{ label: value, count, href: addressOf("/", wishes, { genre: value }) },
                isChosen: value === wishes.genre,
              })),
            ]}
          />
        )}
      </div>
      <div class="wide">
        {titles.length === 0 || page.relaxed !== undefined ? (
          <div class="empty">
            <p>{words.home.nothing}</p>
            <p class="soft">{words.home.nothingHint}</p>
          </div>
        ) : null}
        <Results {...page} path="/" />
      </div>
    </>
  );
}

// What is rare is found by a search.
const genresMax = 12;

function headingOf({ city, date, genre }: Wishes, { words, day }: Speech): string {
  const when =
    date === undefined
      ? ""
      : ((words.home.days as Partial<Record<string, string>>)[date] ?? words.home.onDay(day(date)));
  const heading = words.home.heading(city === undefined ? "" : words.home.inCity(city), when);
  return genre === undefined ? heading : `${heading}: ${genre}`;
}
