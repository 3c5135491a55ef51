import type { Availability, FacetValue, ResultsPage, WishName, Wishes } from "../page-data.ts";
import type { Speech } from "../speech/create-speech.ts";
import { useSpeech } from "../speech/use-speech.tsx";
import { addressOf } from "./address-of.ts";

const facetNames = ["city", "genre", "language", "format", "availability"] as const;

/** What the search can be narrowed to, with how much each leaves, and what it is narrowed to now. */
export function Facets({ wishes, facets = {}, isFirst }: ResultsPage) {
  const speech = useSpeech();
  const { words } = speech;
  const chosen = [...facetNames, "date" as const].filter((name) => wishes[name] !== undefined);
  // Only the first page of a search counts.
  if (!isFirst) return <div />;
  return (
    <aside class="facets" aria-label={words.results.filters}>
      {chosen.length > 0 && (
        <ul class="chosen">
          {chosen.map((name) => (
            <Chosen key={name} {...{ name, wishes, speech }} />
          ))}
        </ul>
      )}
      <Sorts wishes={wishes} />
      {facetNames
        .filter((name) => wishes[name] === undefined)
        .map((name) => (
          <Facet key={name} {...{ name, wishes, values: facets[name] ?? [] }} />
        ))}
    </aside>
  );
}

function Chosen({ name, wishes, speech }: { name: WishName; wishes: Wishes; speech: Speech }) {
  const label = labelOf(name, wishes[name] ?? "", speech);
  return (
    <li>
      <a
        class="chip"
        href={addressOf("/search", wishes, { [name]: undefined })}
        aria-label={speech.words.results.without(label)}
      >
        {label} <span aria-hidden="true">×</span>
      </a>
    </li>
  );
}

function Facet({
  name,
  wishes,
  values,
}: {
  name: (typeof facetNames)[number];
  wishes: Wishes;
  values: FacetValue[];
}) {
  const speech = useSpeech();
  // One value is no choice.
  if (values.length < 2) return null;
  return (
    <details open={name === "genre"}>
      <summary>{speech.words.results.facets[name]}</summary>
      <ul>
        {values.slice(0, valuesMax).map(({ value, count }) => (
          <li key={value}>
            <a href={addressOf("/search", wishes, { [name]: value })}>
              {labelOf(name, value, speech)} <small>{count}</small>
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Sorts({ wishes }: { wishes: Wishes }) {
  const { words } = useSpeech();
  const { sort = wishes.q === undefined ? "date" : "relevance" } = wishes;
  const names = wishes.q === undefined ? (["date", "price"] as const) : sortNames;
  return (
    <details>
      <summary>{words.results.sort}</summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a
              href={addressOf("/search", wishes, { sort: name })}
              aria-current={name === sort ? "true" : undefined}
            >
              {words.results.sorts[name]}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

const sortNames = ["relevance", "date", "price"] as const;
const valuesMax = 10;

function labelOf(name: WishName, value: string, { words, day, languageName }: Speech): string {
  if (name === "language") return languageName(value);
  if (name === "availability") return words.show.availability[value as Availability];
  if (name !== "date") return value;
  const spoken = words.home.dayChoices as Partial<Record<string, string>>;
  return spoken[value] ?? day(value);
}
