import type { z } from "@hono/zod-openapi";

import { DomainError } from "../../../domain/errors.ts";
import { createKeptValues } from "../../../platform/kept-values.ts";
import type { FoundTitle, ResultsPage, Wishes } from "../../../web/storefront/page-data.ts";
import type { Operations } from "../../operations/create-operations.ts";
import { toSearchResult } from "../search-result.ts";
import { searchQuerySchema } from "../search-schemas.ts";
import { toShowSearch } from "../to-show-search.ts";
import { readNames, wishNames } from "./page-address.ts";

type SearchQuery = z.infer<typeof searchQuerySchema>;
type SearchResult = ReturnType<typeof toSearchResult>;

/**
 * What the addresses of the home page and of searches ask for: titles with their next shows. What an address says wrongly is left out,
 * because people change addresses by hand, and come back to a further page of days ago: that is their first one again. The same question
 * is asked once in a few seconds, and an old answer is better than none.
 */
export function createReadResults({ searchShows }: Pick<Operations, "searchShows">) {
  const kept = createKeptValues<SearchResult>({
    ...{ freshMs: 5_000, staleMsMax: 300_000, patienceMs: 2_000 },
    ...{ roomMax: pagesMax, roomOf: () => 1 },
  });
  return async (asked: Record<string, string>): Promise<ResultsPage> => {
    const query = readQuery(asked);
    return find(query).catch((error: unknown) => {
      const isOld = error instanceof DomainError && error.code === "CURSOR_INVALID";
      if (isOld) return find({ ...query, cursor: undefined });
      throw error;
    });
  };

  async function find(query: SearchQuery): Promise<ResultsPage> {
    const found = await kept.get(JSON.stringify(query), async () =>
      toSearchResult(await searchShows(toShowSearch(query)), query.q),
    );
    if (found === undefined) throw new Error("A search has an answer, or fails");
    const { total, facets, relaxed, nextCursor } = found.value;
    return {
      wishes: Object.fromEntries(wishNames.map((name) => [name, query[name]])) as Wishes,
      titles: titlesOf(found.value),
      ...{ total, facets, relaxed, nextCursor },
      isFirst: query.cursor === undefined,
    };
  }
}

const cardsMax = 24;
/** Each some 50 kB. */
const pagesMax = 300;

function readQuery(asked: Record<string, string>): SearchQuery {
  const known = Object.entries(asked).filter(
    ([name, value]) => value !== "" && readNames.includes(name),
  );
  const wished = { ...Object.fromEntries(known), group: "title", limit: cardsMax };
  const read = searchQuerySchema.safeParse(wished);
  if (read.success) return read.data;
  const faulty = read.error.issues.map(({ path }) => path[0]);
  const rest = Object.entries(wished).filter(([name]) => !faulty.includes(name));
  return searchQuerySchema.parse(Object.fromEntries(rest));
}

/** While Elasticsearch is away nobody sorts shows by their titles: then it is done here, with what is on this page. */
function titlesOf({ titles, shows }: SearchResult): FoundTitle[] {
  if (titles !== undefined) return titles;
  return [...Map.groupBy(shows, ({ titleId }) => titleId)].map(([titleId, ofTitle]) => ({
    ...{ titleId, title: ofTitle[0]?.title ?? "", shows: ofTitle.slice(0, showsOnCardMax) },
    showsTotal: undefined,
  }));
}

const showsOnCardMax = 3;
