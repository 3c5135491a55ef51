import type { ResultsPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { addressOf } from "./address-of.ts";
import { TitleCard } from "./title-card.tsx";

/** Titles that were found, and the way to more of them. */
export function Results({ path, ...page }: ResultsPage & { path: "/" | "/search" }) {
  const { words } = useSpeech();
  const { wishes, titles, nextCursor } = page;
  return (
    <>
      <ul class="cards">
        {titles.map((found, index) => (
          <TitleCard key={found.titleId} found={found} isFirst={index < eagerMax} />
        ))}
      </ul>
      {nextCursor !== undefined && (
        <p class="wide-more">
          <a class="act" rel="next" href={addressOf(path, wishes, { cursor: nextCursor })}>
            {words.results.more}
          </a>
        </p>
      )}
    </>
  );
}

/** What is seen without scrolling. */
const eagerMax = 4;
