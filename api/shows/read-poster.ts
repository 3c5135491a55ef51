import { findPoster } from "../../adapters/postgres/posters.ts";
import type { Poster } from "../../adapters/postgres/posters.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { createKeptValues } from "../../platform/kept-values.ts";

/** Sixty of the largest, and a thousand of a usual size: in front of them stands a CDN that keeps them for ever. */
const keptBytesMax = 32 * 1_024 * 1_024;

/** Throws POSTER_NOT_FOUND. Posters never change, so those that are asked for stay in memory, whatever is away. */
export function createReadPoster(db: Queryable): (posterHash: string) => Promise<Poster> {
  const kept = createKeptValues<Poster>({
    ...{ freshMs: Number.POSITIVE_INFINITY, staleMsMax: Number.POSITIVE_INFINITY },
    ...{ roomMax: keptBytesMax, roomOf: ({ bytes }) => bytes.length },
  });
  return async (posterHash) => {
    const found = await kept.get(posterHash, () => findPoster(db, posterHash));
    if (found === undefined) throw new DomainError("POSTER_NOT_FOUND");
    return found.value;
  };
}
