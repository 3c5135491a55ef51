import { isDeepStrictEqual } from "node:util";

import type { Elastic } from "../adapters/elasticsearch/create-elastic.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import { listShowDocuments, listShowIds } from "../adapters/postgres/show-documents.ts";
import type { ShowDocument } from "../domain/events.ts";

/** Show ids by what is wrong with them in the index. */
type IndexDifferences = { missing: string[]; different: string[]; invented: string[] };

export const noDifferences: IndexDifferences = { missing: [], different: [], invented: [] };

/** Compares what searches read with PostgreSQL, document by document and version by version. */
export async function compareIndex(
  db: Queryable,
  elastic: Elastic,
  alias: string,
): Promise<IndexDifferences> {
  await elastic.indices.refresh({ index: alias });
  const indexed = await readIndex(elastic, alias);
  const differences: IndexDifferences = { missing: [], different: [], invented: [] };
  for (let after: string | undefined; ;) {
    const showIds = await listShowIds(db, { after, limit: pageSize });
    if (showIds.length === 0) break;
    for (const { version, ...show } of await listShowDocuments(db, showIds)) {
      const found = indexed.get(show.showId);
      if (found === undefined) differences.missing.push(show.showId);
      else if (!isDeepStrictEqual(found, { version, show }))
        differences.different.push(show.showId);
      indexed.delete(show.showId);
    }
    after = showIds.at(-1);
  }
  differences.invented.push(...indexed.keys());
  return differences;
}

const pageSize = 1_000;

async function readIndex(
  elastic: Elastic,
  alias: string,
): Promise<Map<string, { version: number | undefined; show: ShowDocument | undefined }>> {
  const read = new Map<string, { version: number | undefined; show: ShowDocument | undefined }>();
  for (let after: string | undefined; ;) {
    const { hits } = await elastic.search<{ show: ShowDocument }>({
      index: alias,
      size: pageSize,
      version: true,
      sort: [{ showId: "asc" }],
      ...(after !== undefined && { search_after: [after] }),
    });
    for (const { _id: showId = "", _version: version, _source } of hits.hits) {
      if (read.has(showId)) throw new Error(`${showId} is in the index twice`);
      read.set(showId, { version, show: _source?.show });
    }
    after = hits.hits.at(-1)?._id;
    if (after === undefined) return read;
  }
}
