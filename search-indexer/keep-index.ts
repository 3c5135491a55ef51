import type { Elastic } from "../adapters/elasticsearch/create-elastic.ts";
import { ensureShowIndex, hasShowIndex } from "../adapters/elasticsearch/show-index.ts";
import type { Pool } from "../adapters/postgres/pool.ts";
import { whileReindexing } from "../adapters/postgres/while-reindexing.ts";
import type { Logger } from "../platform/logger.ts";
import { repeat } from "../platform/repeat.ts";
import { within } from "../platform/within.ts";
import { fillFromCatalogue } from "./fill-from-catalogue.ts";

const lookEveryMs = 5_000;
const closeMsMax = 2_000;

/**
 * Looks every few seconds whether the search index is there. Where there is none, or it is lost or of another Marquee, it is built from
 * PostgreSQL.
 */
export function keepIndex(options: {
  elastic: Elastic;
  alias: string;
  pool: Pool;
  logger: Logger;
}): {
  /** Searches have an index, and it takes what we write. */
  isThere(): boolean;
  close(): Promise<void>;
} {
  const { elastic, alias, pool, logger } = options;
  const closing = new AbortController();
  let isThere = false;
  /** Once in the life of a process: an index that another version of Marquee has made is built anew. */
  let isEnsured = false;

  const looking = repeat({
    name: "looking at the search index",
    everyMs: lookEveryMs,
    logger,
    async work() {
      isThere = await hasShowIndex(elastic, alias);
      if (isThere && isEnsured) return;
      // Busy: somebody builds one. We look again.
      const outcome = await whileReindexing(pool, alias, (signal) =>
        ensureShowIndex(elastic, alias, (put) =>
          fillFromCatalogue(pool, put, {
            logger,
            signal: AbortSignal.any([signal, closing.signal]),
          }),
        ),
      );
      isEnsured = outcome === "done";
      isThere ||= isEnsured;
    },
  });
  return {
    isThere: () => isThere && !looking.isFailing(),
    async close() {
      closing.abort();
      // An Elasticsearch that does not answer must not hold up a deploy.
      await within(closeMsMax, "end the last look", looking.close()).catch(() => undefined);
    },
  };
}
