import type { WishName } from "../../../web/storefront/page-data.ts";

/**
 * The address of a page with all of it that the page reads, in one order. What else is in an address (who has sent a link, say) is for
 * nobody else to see, and a page is kept for all.
 */
export function pageAddress(url: string): string {
  const { pathname, searchParams } = new URL(url);
  if (pathname !== "/" && pathname !== "/search") return pathname;
  const read = readNames.flatMap((name): [string, string][] => {
    const value = searchParams.get(name) ?? "";
    return value === "" ? [] : [[name, value]];
  });
  return read.length === 0 ? pathname : `${pathname}?${new URLSearchParams(read).toString()}`;
}

export const wishNames: readonly WishName[] = [
  ...(["q", "city", "date", "genre", "language"] as const),
  ...(["format", "availability", "sort"] as const),
];

const readNames = [...wishNames, "cursor"];
