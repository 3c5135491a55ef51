import type { Queryable } from "../adapters/postgres/pool.ts";
import { addPoster, hashPoster } from "../adapters/postgres/posters.ts";
import { samplePictures } from "./sample-pictures.ts";

/** A poster that no title has. Returns its hash. */
export async function plantPoster(db: Queryable): Promise<string> {
  const size = { width: 200, height: 300 };
  const bytes = samplePictures.png(size);
  const posterHash = hashPoster(bytes);
  await addPoster(db, { posterHash, mediaType: "image/png", ...size, bytes });
  return posterHash;
}
