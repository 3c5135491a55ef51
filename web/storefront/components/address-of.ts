import type { Wishes } from "../page-data.ts";

/** Where these wishes are looked for. `change` says what is other than before; undefined takes a wish away. */
export function addressOf(
  path: "/" | "/search",
  wishes: Wishes,
  change: { [Name in keyof Wishes | "cursor"]?: string | undefined } = {},
): string {
  const all = Object.entries({ ...wishes, ...change }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "",
  );
  return all.length === 0 ? path : `${path}?${new URLSearchParams(all).toString()}`;
}
