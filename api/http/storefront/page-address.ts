import type { WishName } from "../../../web/storefront/page-data.ts";

/**
 * The address of a page with all of it that the page reads, in one order. What else is in an address (who has sent a link, say) is for
 * nobody else to see, and a page is kept for all.
 */
export function pageAddress(url: string): string {
  const { pathname, searchParams } = new URL(url);
  if (pathname !== "/" && pathname !== "/search") return pathname;
  const read = readNames
    .map((name): [string, string] => [name, searchParams.get(name) ?? ""])
    .filter(([, value]) => value !== "");
  return read.length === 0 ? pathname : `${pathname}?${new URLSearchParams(read).toString()}`;
}

export const wishNames: readonly WishName[] = [
  ...(["q", "city", "date", "genre", "language"] as const),
  ...(["format", "availability", "sort"] as const),
];

/** All that a page reads of its address. */
export const readNames: readonly string[] = [...wishNames, "cursor"];
