import { ShowList } from "../components/show-list.tsx";
import type { Page } from "../page.ts";
import type { VenuePage } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** A house: where it is, and what is on there. */
export const venuePage: Page<"venue"> = {
  head: ({ venueId, name, city }, { words }) => ({
    title: `${name}, ${city} · Marquee`,
    description: words.venue.description(name, city),
    canonical: `/venues/${venueId}`,
  }),
  Body: VenueBody,
};

function VenueBody({ name, city, address, latitude, longitude, shows }: VenuePage) {
  const { words } = useSpeech();
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <div class="wide">
      <p class="over">{city}</p>
      <h1>{name}</h1>
      <p class="lead">
        {address}, {city} ·{" "}
        <a href={map} rel="noopener noreferrer">
          {words.venue.onMap}
        </a>
      </p>
      <h2>{words.title.shows}</h2>
      {shows.length === 0 && <p>{words.title.noShows}</p>}
      <ShowList shows={shows} says={({ title, hallName }) => `${title}, ${hallName}`} />
    </div>
  );
}
