import type { FacetValue, Wishes } from "../page-data.ts";
import { useSpeech } from "../speech/use-speech.tsx";

/** Where, and on which day. Without facets nobody knows the cities: then they are typed. */
export function PlaceForm({ wishes, cities }: { wishes: Wishes; cities: FacetValue[] }) {
  const { words } = useSpeech();
  const { city = "", date = "", genre } = wishes;
  const known = cities.some(({ value }) => value === city) || city === "";
  return (
    // Whoever comes back to a page finds what it says, and not what they went away with.
    <form class="place" action="/" autocomplete="off">
      {genre !== undefined && <input type="hidden" name="genre" value={genre} />}
      <label>
        {words.home.city}
        {cities.length === 0 ? (
          <input name="city" value={city} maxLength={100} />
        ) : (
          <select name="city">
            <option value="" selected={city === ""}>
              {words.home.anyCity}
            </option>
            {!known && (
              <option value={city} selected>
                {city}
              </option>
            )}
            {cities.map(({ value, count }) => (
              <option key={value} value={value} selected={value === city}>
                {value} ({count})
              </option>
            ))}
          </select>
        )}
      </label>
      <label>
        {words.home.date}
        <input type="date" name="date" value={/^\d/.test(date) ? date : ""} />
      </label>
      <button class="act">{words.home.show}</button>
    </form>
  );
}
