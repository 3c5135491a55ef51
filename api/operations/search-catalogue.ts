import { findShows } from "../../adapters/postgres/find-shows.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { bestSuggestions } from "../../domain/best-suggestions.ts";
import { readDayWord } from "../../domain/read-day-word.ts";
import type { FoundShows, ShowSearch, Suggestion } from "../../domain/show-search.ts";

/**
 * The simpler search, of PostgreSQL: words as they are written, soonest first, nothing counted and nothing relaxed. What it cannot do
 * it says.
 */
export async function searchCatalogue(db: Queryable, query: ShowSearch): Promise<FoundShows> {
  const { sort, byTitle, ...wishes } = query;
  const spoken = wishes.day === undefined ? readDayWord(wishes.text ?? "") : undefined;
  const found = await findShows(db, {
    ...wishes,
    ...(spoken && { day: spoken.day, text: spoken.rest }),
  });
  const ignored = [
    ...(sort === undefined || sort === "date" ? [] : ["sort"]),
    ...(byTitle ? ["group"] : []),
  ];
  return { ...found, ...(ignored.length > 0 && { ignored }) };
}

/** From the next shows that the words occur in. */
export async function suggestFromCatalogue(
  db: Queryable,
  { text, limit }: { text: string; limit: number },
): Promise<Suggestion[]> {
  const { shows } = await findShows(db, { text, limit: 50 });
  const all = shows.flatMap((show): Omit<Suggestion, "parts">[] => [
    { kind: "title", text: show.title, titleId: show.titleId },
    ...show.people.map((person) => ({ kind: "person" as const, text: person })),
    { kind: "venue", text: show.venueName, venueId: show.venueId },
    { kind: "city", text: show.city },
  ]);
  const once = new Map(all.map((each) => [`${each.kind} ${each.text}`, each]));
  return bestSuggestions([...once.values()], text, limit);
}
