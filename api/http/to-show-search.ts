import type { z } from "@hono/zod-openapi";

import type { DayWord } from "../../domain/show-days.ts";
import { dayWords } from "../../domain/show-days.ts";
import type { ShowSearch } from "../../domain/show-search.ts";
import type { searchQuerySchema } from "./search-schemas.ts";

/** What somebody looks for, of what an address says. */
export function toShowSearch(query: z.infer<typeof searchQuerySchema>): ShowSearch {
  const { q, date, from, to, near, radiusKm, group, ...wishes } = query;
  const { priceFrom, priceTo, currency, ...filter } = wishes;
  return {
    ...filter,
    text: q,
    ...(isDayWord(date) ? { day: date } : { fromDate: date ?? from, toDate: date ?? to }),
    near: near && { ...near, radiusKm },
    price:
      currency === undefined ? undefined : { fromMinor: priceFrom, toMinor: priceTo, currency },
    byTitle: group === "title",
  };
}

function isDayWord(date: string | undefined): date is DayWord {
  return (dayWords as readonly (string | undefined)[]).includes(date);
}
