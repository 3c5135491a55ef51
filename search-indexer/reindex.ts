import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import { rebuildShowIndex } from "../adapters/elasticsearch/show-index.ts";
import { createPool } from "../adapters/postgres/pool.ts";
import { listShowIds, listShowDocuments } from "../adapters/postgres/show-documents.ts";
import { readConfig } from "../platform/config.ts";
import { createLogger } from "../platform/logger.ts";

const config = readConfig("DATABASE_URL", "ELASTICSEARCH_URL", "SEARCH_INDEX", "LOG_LEVEL");
const logger = createLogger("reindex", config.LOG_LEVEL);
const pool = createPool({
  databaseUrl: config.DATABASE_URL,
  component: "reindex",
  connectionsMax: 2,
  statementMsMax: 30_000,
  onIdleError: (error) => logger.warn({ err: error }, "idle database connection broke"),
});
const elastic = createElastic({ url: config.ELASTICSEARCH_URL, requestMsMax: 60_000 });

/** Builds the whole index anew from PostgreSQL, a thousand shows at a time, while events flow. */
const { index } = await rebuildShowIndex(elastic, config.SEARCH_INDEX, async (put) => {
  let count = 0;
  for (let after: string | undefined; ;) {
    const showIds = await listShowIds(pool, { after, limit: 1_000 });
    if (showIds.length === 0) return;
    const documents = await listShowDocuments(pool, showIds);
    await put(documents.map(({ version, ...show }) => ({ show, version })));
    after = showIds.at(-1);
    count += documents.length;
    logger.info({ count }, "shows indexed");
  }
});
logger.info({ index }, "searches read the new index");
await elastic.close();
await pool.end();
