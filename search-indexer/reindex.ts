import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import { rebuildShowIndex } from "../adapters/elasticsearch/show-index.ts";
import { createPool, warnOfIdleErrors } from "../adapters/postgres/pool.ts";
import { whileReindexing } from "../adapters/postgres/while-reindexing.ts";
import { readConfig } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";
import { fillFromCatalogue } from "./fill-from-catalogue.ts";

const config = readConfig("DATABASE_URL", "ELASTICSEARCH_URL", "SEARCH_INDEX", "LOG_LEVEL");
const logger = createLogger("reindex", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "reindex",
  connectionsMax: 3,
  statementMsMax: 30_000,
  onIdleError: warnOfIdleErrors(logger),
});
const elastic = createElastic({ url: config.ELASTICSEARCH_URL, requestMsMax: 60_000 });
const alias = config.SEARCH_INDEX;

/** `npm run reindex`: builds the whole index anew from PostgreSQL while events flow; searches go on with the old one until it is done. */
async function reindex(signal: AbortSignal): Promise<void> {
  const fill = (put: Parameters<typeof fillFromCatalogue>[1]) =>
    fillFromCatalogue(pool, put, { logger, signal });
  const { index } = await rebuildShowIndex(elastic, alias, fill);
  logger.info({ index }, "searches read the new index");
}

try {
  if ((await whileReindexing(pool, alias, reindex)) === "busy") {
    throw new Error(`Somebody builds an index for ${alias} already: let that come to its end`);
  }
} catch (error) {
  logger.error({ err: error }, "searches go on with the index that they have");
  process.exitCode = 1;
}
await elastic.close();
await pool.end();
