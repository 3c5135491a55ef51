export type Suggestion = {
  kind: "title" | "person" | "venue" | "city";
  parts: { text: string; marked: boolean }[];
  href: string;
};

type Told = Pick<Suggestion, "kind" | "parts"> & {
  text: string;
  titleId?: string;
  venueId?: string;
};

/** What the words may become, each with its page. A box without suggestions still searches: no failure is shown. */
export async function askSuggestions(typed: string, signal: AbortSignal): Promise<Suggestion[]> {
  const query = new URLSearchParams({ q: typed.trim(), limit: "8" });
  try {
    const response = await fetch(`/v1/suggest?${query}`, { signal });
    if (!response.ok) return [];
    const { suggestions } = (await response.json()) as { suggestions: Told[] };
    return suggestions.map((one) => ({ kind: one.kind, parts: one.parts, href: hrefOf(one) }));
  } catch {
    return [];
  }
}

function hrefOf({ kind, text, titleId, venueId }: Told): string {
  if (titleId !== undefined) return `/titles/${titleId}`;
  if (venueId !== undefined) return `/venues/${venueId}`;
  return `/search?${new URLSearchParams(kind === "city" ? { city: text } : { q: text })}`;
}
