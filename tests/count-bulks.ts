import type { Elastic } from "../adapters/elasticsearch/create-elastic.ts";

/** Bulk requests of an index so far, from the server's own books. Throws when the server does not say. */
export async function countBulks(elastic: Elastic, alias: string): Promise<number> {
  const stats = await elastic.indices.stats({ index: alias, metric: "bulk" });
  const count = stats._all.total?.bulk?.total_operations;
  if (count === undefined) throw new Error("Elasticsearch does not count bulk requests");
  return count;
}
