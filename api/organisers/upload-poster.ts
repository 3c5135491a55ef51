import { countRecentActions } from "../../adapters/postgres/organiser-actions.ts";
import { addPoster, hashPoster } from "../../adapters/postgres/posters.ts";
import type { Poster } from "../../adapters/postgres/posters.ts";
import { DomainError } from "../../domain/errors.ts";
import { posterBytesMax, posterSideMax, readPoster } from "../../domain/read-poster.ts";
import type { ActFor } from "./act-for.ts";
import type { Ask } from "./organisations.ts";

/** Posters are never deleted, so an organisation fills the disk with no more than 100 MB a day. */
const uploadsADayMax = 200;

export type UploadPoster = (wish: Ask & { bytes: Uint8Array }) => Promise<Poster>;

/**
 * Keeps a picture, for titles to name it by its hash. The same again changes nothing. Throws a code for each way in which a picture is
 * wrong, POSTERS_TOO_MANY after so many new ones in a day.
 */
export function createUploadPoster({ actFor }: { actFor: ActFor }): UploadPoster {
  return ({ bytes, ...ask }) =>
    actFor.act({ ...ask, permission: "edit the catalogue" }, async (tx, { organiserId }) => {
      const poster = { posterHash: hashPoster(bytes), bytes, ...factsOf(bytes) };
      if (!(await addPoster(tx, poster))) return { result: poster };
      const action = "poster uploaded";
      const uploads = await countRecentActions(tx, { organiserId, action, seconds: 86_400 });
      if (uploads >= uploadsADayMax) {
        throw new DomainError("POSTERS_TOO_MANY", { uploadsADayMax });
      }
      const { mediaType, width, height } = poster;
      const details = { mediaType, width, height, bytes: bytes.length };
      return { result: poster, action: { action, subject: poster.posterHash, details } };
    });
}

function factsOf(bytes: Uint8Array) {
  const read = readPoster(bytes);
  if (read.outcome === "read") {
    const { mediaType, width, height } = read;
    return { mediaType, width, height };
  }
  throw new DomainError(read.code, {
    ...(read.code === "POSTER_TOO_LARGE" && { bytesMax: posterBytesMax }),
    ...(read.code === "POSTER_SIDE_TOO_LONG" && { sideMax: posterSideMax }),
  });
}
