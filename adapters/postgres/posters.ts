import { createHash } from "node:crypto";

import type { PosterFacts } from "../../domain/read-poster.ts";
import type { Queryable } from "./pool.ts";

/** A picture, known by the hash of its bytes: whoever has one never asks again. */
export type Poster = PosterFacts & { posterHash: string; bytes: Uint8Array };

export function hashPoster(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}

/** Says whether it is new. */
export async function addPoster(db: Queryable, poster: Poster): Promise<boolean> {
  const { posterHash, mediaType, width, height, bytes } = poster;
  const { rowCount } = await db.query(
    `insert into posters (poster_hash, media_type, width, height, bytes) values ($1, $2, $3, $4, $5)
     on conflict (poster_hash) do nothing`,
    [posterHash, mediaType, width, height, bytes],
  );
  return rowCount === 1;
}

export async function findPoster(db: Queryable, posterHash: string): Promise<Poster | undefined> {
  const { rows } = await db.query<Poster>(
    `select poster_hash as "posterHash", media_type as "mediaType", width, height, bytes
     from posters where poster_hash = $1`,
    [posterHash],
  );
  return rows[0];
}

/** Those of the hashes that are there. */
export async function listKnownPosters(
  db: Queryable,
  posterHashes: readonly string[],
): Promise<Set<string>> {
  if (posterHashes.length === 0) return new Set();
  const { rows } = await db.query<{ posterHash: string }>(
    `select poster_hash as "posterHash" from posters where poster_hash = any($1::text[])`,
    [posterHashes],
  );
  return new Set(rows.map(({ posterHash }) => posterHash));
}

/** What is told of a title's poster: `hash`, `width`, `height`; null where it has none. */
export const titlePosterColumn = `(select jsonb_build_object('hash', poster_hash, 'width', width, 'height', height)
  from posters where poster_hash = title.poster_hash)`;
