/**
 * Headers of an answer that is the same for everybody: any cache on the way may keep it for `seconds`, give it for `renewSeconds`
 * more while it asks for a new one, and for `errorSeconds` while there is none to be had. `keys` are what it is about, for a CDN
 * that is told of changes: public ids, or a word for what has none.
 */
export function publicCaching(
  { seconds, renewSeconds, errorSeconds }: PublicLife,
  keys: string[],
): Record<string, string> {
  return {
    "cache-control": `public, max-age=${seconds}, stale-while-revalidate=${renewSeconds}, stale-if-error=${errorSeconds}`,
    "surrogate-key": keys.join(" "),
  };
}

/** Says how old an answer is that could not be asked for anew. */
export function staleHeader(staleSeconds: number): Record<string, string> {
  return staleSeconds > 0 ? { "stale-seconds": String(staleSeconds) } : {};
}

export type PublicLife = { seconds: number; renewSeconds: number; errorSeconds: number };

/** How long each kind of answer lives; docs/caching.md says why. */
export const publicLives = {
  catalogue: { seconds: 10, renewSeconds: 60, errorSeconds: 3_600 },
  search: { seconds: 5, renewSeconds: 30, errorSeconds: 300 },
  suggest: { seconds: 30, renewSeconds: 60, errorSeconds: 300 },
  seats: { seconds: 1, renewSeconds: 1, errorSeconds: 60 },
  line: { seconds: 1, renewSeconds: 5, errorSeconds: 5 },
  files: { seconds: 300, renewSeconds: 600, errorSeconds: 86_400 },
} as const satisfies Record<string, PublicLife>;
