import type { ResultsPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { addressOf } from "./address-of.ts";
import { TitleCard } from "./title-card.tsx";

/** Titles that were found, and the ways to more of them and back to the first: a cursor knows no page before its own. */
export function Results({ path, ...page }: ResultsPage & { path: "/" | "/search" }) {
  const { words } = useSpeech();
  const { wishes, titles, nextCursor, isFirst } = page;
  return (
    <>
      <ul class="cards">
        {titles.map((found, index) => (
          <TitleCard key={found.titleId} found={found} isFirst={index < eagerMax} />
        ))}
      </ul>
      {(!isFirst || nextCursor !== undefined) && (
        <p class="wide-more">
          {!isFirst && (
            <a class="act" rel="first" href={addressOf(path, wishes)}>
              {words.results.first}
            </a>
          )}{" "}
          {nextCursor !== undefined && (
            <a class="act" rel="next" href={addressOf(path, wishes, { cursor: nextCursor })}>
              {words.results.more}
            </a>
          )}
        </p>
      )}
    </>
  );
}

/** What is seen without scrolling. */
const eagerMax = 4;
