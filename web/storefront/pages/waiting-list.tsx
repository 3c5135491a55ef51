import { Island } from "../components/island.tsx";
import type { Page } from "../page.ts";
import type { WaitingListPage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** The waiting list of a show. Drawn for everybody alike: how somebody stands on it is asked for by its island. */
export const waitingListPage: Page<"waiting-list"> = {
  head: ({ title }, { words }) => ({
    title: `${words.own.waitingList.title}: ${title.name} · Marquee`,
    description: words.own.waitingList.why,
  }),
  Body: WaitingListBody,
};

function WaitingListBody(show: WaitingListPage) {
  const { words, day } = useSpeech();
  const { own } = words;
  const { title, venue, localDate, localTime, startsAt, showId, partySizeMax, prices } = show;
  return (
    <div class="wide">
      <h1>{own.waitingList.title}</h1>
      <p class="own-of">
        <a href={`/shows/${showId}`}>{title.name}</a> · {venue.name},{" "}
        <time datetime={startsAt}>
          {day(localDate)}, {localTime}
        </time>
      </p>
      <p class="soft prose">{own.waitingList.why}</p>
      <Island name="waiting-list" props={{ showId, partySizeMax, prices }}>
        <p class="soft">{own.loading}</p>
      </Island>
      <noscript>
        <p>{own.waitingList.needsScript}</p>
      </noscript>
    </div>
  );
}
