import { addressOf } from "../components/address-of.ts";
import { Facets } from "../components/facets.tsx";
import { Results } from "../components/results.tsx";
import type { Page } from "../page.ts";
import type { ResultsPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** What words and filters find. */
export const searchPage: Page<"search"> = {
  head: ({ wishes, isFirst }, { words }) => ({
    title: `${words.results.title(wishes.q ?? "")} · Marquee`,
    description: words.home.description,
    canonical: isFirst && wishes.q === undefined ? addressOf("/search", wishes) : undefined,
    searched: wishes.q,
  }),
  Body: SearchBody,
};

function SearchBody(page: ResultsPage) {
  const { words, number } = useSpeech();
  const { wishes, titles, total, relaxed } = page;
  return (
    <div class="wide">
      <h1>{words.results.title(wishes.q ?? "")}</h1>
      {relaxed === undefined && total !== undefined && (
        <p class="soft">{words.results.count(total).replace(String(total), number(total))}</p>
      )}
      <div class="beside">
        <Facets {...page} />
        <div>
          {relaxed !== undefined && titles.length > 0 && <Nearest relaxed={relaxed} />}
          {titles.length === 0 && (
            <div class="empty">
              <p>{words.results.nothing}</p>
              <p class="soft">{words.results.nothingHint}</p>
            </div>
          )}
          <Results {...page} path="/search" />
        </div>
      </div>
    </div>
  );
}

function Nearest({ relaxed }: { relaxed: NonNullable<ResultsPage["relaxed"]> }) {
  const { words, list } = useSpeech();
  const { dropped: names, nearest } = words.results;
  const without = relaxed.map(({ dropped, word = "" }) =>
    dropped === "word" ? names.word(word) : names[dropped],
  );
  return <p class="banner">{nearest(list(without))}</p>;
}
