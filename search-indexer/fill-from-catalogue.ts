import type { PutShows } from "../adapters/elasticsearch/put-shows.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { countShows, listShowDocuments, listShowIds } from "../adapters/postgres/show-documents.ts";
import type { Logger } from "../platform/logger.ts";

const pageSize = 1_000;
/** More than so many documents that do not fit are a mistake in the mapping, and no reason to search an index without them. */
const refusedShareMax = 0.01;

/**
 * Puts every show of PostgreSQL into an index, a page at a time; the next page is read while one is written. Each is read after the
 * index was there, so what an event has not told it, this has read.
 */
export async function fillFromCatalogue(
  pool: Pool,
  put: PutShows,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<void> {
  const total = await countShows(pool);
  let count = 0;
  let refused = 0;
  let page = readPage(pool, undefined);
  for (;;) {
    const { shows, last } = await page;
    if (last === undefined) break;
    signal.throwIfAborted();
    page = readPage(pool, last);
    // Whoever waits for it hears of its failure; until then it is nobody's.
    page.catch(() => undefined);
    for (const { show, reason } of await put(shows)) {
      refused += 1;
      logger.warn({ showId: show.show.showId, reason }, "a show that the index does not take");
    }
    count += shows.length;
    logger.info({ count, total }, "shows indexed");
  }
  signal.throwIfAborted();
  if (refused > count * refusedShareMax) {
    throw new Error(
      `${refused} of ${count} shows were refused: searches go on with what they have`,
    );
  }
}

async function readPage(pool: Pool, after: string | undefined) {
  const showIds = await listShowIds(pool, { after, limit: pageSize });
  const documents = await listShowDocuments(pool, showIds);
  const shows = documents.map(({ version, ...show }) => ({ show, version }));
  return { shows, last: showIds.at(-1) };
}
