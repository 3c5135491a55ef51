import { randomUUID } from "node:crypto";

import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import { createSearchIndex } from "../adapters/elasticsearch/create-search-index.ts";
import { putShows } from "../adapters/elasticsearch/put-shows.ts";
import { ensureShowIndex } from "../adapters/elasticsearch/show-index.ts";
import type { ShowDocument } from "../domain/events.ts";
import { serverAddress } from "./server-address.ts";

export type TestIndex = Awaited<ReturnType<typeof createTestIndex>>;

/** A search index of a test's own, in the real Elasticsearch. `clock` says what "now" is. */
export async function createTestIndex(clock?: () => number) {
  const url = serverAddress("ELASTICSEARCH_URL");
  const alias = `test-${randomUUID()}`;
  const elastic = createElastic({ url, requestMsMax: 30_000 });
  const index = createSearchIndex({
    ...{ url, alias, ...(clock && { clock }) },
    // Other tests keep the machine busy, and what is looked at is not how fast it is.
    patience: { requestMsMax: 10_000, relaxingMsMax: 10_000 },
  });
  await ensureShowIndex(elastic, alias);
  return {
    ...{ alias, elastic, index },
    /** Found at once. A higher version replaces what is there. */
    async put(shows: ShowDocument[], version = 1) {
      const refused = await putShows(
        elastic,
        alias,
        shows.map((show) => ({ show, version })),
      );
      if (refused.length > 0) throw new Error(refused[0]?.reason);
      await elastic.indices.refresh({ index: alias });
    },
    async close() {
      const indices = Object.keys(await elastic.indices.getAlias({ name: `${alias}-write` }));
      await elastic.indices.delete({ index: indices });
      await Promise.all([elastic.close(), index.close()]);
    },
  };
}
