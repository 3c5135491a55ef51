import { createElastic } from "../adapters/elasticsearch/create-elastic.ts";
import type { Elastic } from "../adapters/elasticsearch/create-elastic.ts";
import { withTransaction } from "../adapters/postgres/pool.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import type { ShowPublished } from "../domain/events.ts";
import type { CuttableLink } from "./cuttable-link.ts";
import { cuttableLink } from "./cuttable-link.ts";
import { plantShow, plantShowLike } from "./plant-show.ts";
import { serverAddress } from "./server-address.ts";
import type { System } from "./system.ts";
import { startSystem } from "./system.ts";

/** Relay and indexer, each a process of its own, and an index of their own behind a link that a test can cut. */
export type SearchHouse = {
  system: System;
  elastic: Elastic;
  alias: string;
  link: CuttableLink;
  /** A change as an organiser's: the row, its version and its event in one transaction. */
  change(showId: string, format: string): Promise<void>;
  /** New shows of one seat, published. */
  plantShows(count: number): Promise<string[]>;
  /** The events of the catalogue that come of it, which nobody publishes: the relay is away meanwhile. */
  takeEvents(happen: () => Promise<unknown>): Promise<ShowPublished[]>;
  close(): Promise<void>;
};

export async function startSearchHouse(): Promise<SearchHouse> {
  const elasticUrl = serverAddress("ELASTICSEARCH_URL");
  const elastic = createElastic({ url: elasticUrl, requestMsMax: 30_000 });
  const { hostname: host, port } = new URL(elasticUrl);
  const link = await cuttableLink({ host, port: Number(port) });
  const system = await startSystem(["relay", "indexer"], {
    ELASTICSEARCH_URL: `http://127.0.0.1:${link.port}`,
  });
  const alias = system.namespace;
  const { pool } = system.database;
  return {
    ...{ system, elastic, alias, link },
    async change(showId, format) {
      await withTransaction(pool, async (tx) => {
        await tx.query("update shows set format = $2, version = version + 1 where show_id = $1", [
          showId,
          format,
        ]);
        await publishShows(tx, [showId]);
      });
    },
    async plantShows(count) {
      const first = await plantShow(pool, { seats: 1 });
      const showIds = [first];
      while (showIds.length < count) {
        const batch = Array.from({ length: Math.min(20, count - showIds.length) }, () =>
          plantShowLike(pool, first),
        );
        showIds.push(...(await Promise.all(batch)));
      }
      await publishShows(pool, showIds);
      return showIds;
    },
    async takeEvents(happen) {
      await system.kill("relay");
      await happen();
      const { rows } = await pool.query<{ payload: ShowPublished }>(
        "delete from outbox where topic = 'catalogue-events' returning payload",
      );
      await system.start("relay");
      return rows.map(({ payload }) => payload);
    },
    async close() {
      await system.close();
      const left = await elastic.indices.get({ index: `${alias}-*` });
      await elastic.indices.delete({ index: Object.keys(left) });
      await elastic.close();
      link.close();
    },
  };
}
