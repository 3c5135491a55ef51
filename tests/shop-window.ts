import { importCatalogue } from "../adapters/postgres/catalogue-import.ts";
import { listShowDocuments, listShowIds } from "../adapters/postgres/show-documents.ts";
import { loadStorefront } from "../api/http/storefront/load-storefront.ts";
import type { Storefront } from "../api/http/storefront/load-storefront.ts";
import type { ShowDocument } from "../domain/events.ts";
import { makeDemoCatalogue } from "../local/demo-data/make-demo-catalogue.ts";
import { createLogger } from "../platform/logger.ts";
import { createEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { createTestIndex } from "./test-index.ts";

export type ShopWindow = {
  edge: Edge;
  /** What draws its pages. */
  storefront: Storefront;
  /** The address of the shop. */
  home: string;
  shows: ShowDocument[];
  close(): Promise<void>;
};

/** The shop with the demo catalogue of four weeks from today, found by the real search. Its address answers on loopback. */
export async function openShopWindow(): Promise<ShopWindow> {
  const index = await createTestIndex();
  const storefront = await loadStorefront(createLogger("shop-window", "silent"));
  if (storefront === undefined) throw new Error("The pages are not built");
  const edge = await createEdge({ index: index.index }, { storefront });
  const { pool } = edge.database;
  const today = new Date().toISOString().slice(0, 10);
  const imported = await importCatalogue(
    pool,
    JSON.stringify(makeDemoCatalogue({ today, seed: 1 })),
    { check: false, report: () => undefined },
  );
  if (imported.outcome !== "imported") throw new Error(`The demo was ${imported.outcome}`);
  const ids = await listShowIds(pool, { after: undefined, limit: 10_000 });
  const documents = await listShowDocuments(pool, ids);
  const shows = documents.map(({ version: _version, ...show }) => show);
  await index.put(shows);
  return {
    ...{ edge, storefront, shows, home: await edge.listen() },
    async close() {
      await edge.close();
      await index.close();
    },
  };
}
