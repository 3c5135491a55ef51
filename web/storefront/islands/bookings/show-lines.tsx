import type { ListedShow } from "../../own/listed-booking.ts";
import { useSpeech } from "../../speech/use-speech.tsx";

/** What a card is about: the title, when on the venue's clock, and where. */
export function ShowLines({ show }: { show: ListedShow }) {
  const { moment } = useSpeech();
  return (
    <>
      <h3>{show.title}</h3>
      <p>
        {moment(show.startsAt, show.timeZone)}
        <br />
        <span class="soft">{[show.venueName, show.hallName, show.city].join(", ")}</span>
      </p>
    </>
  );
}
