import { readFile } from "node:fs/promises";

import type { Logger } from "../../../platform/logger.ts";
import type { ClientFiles, StorefrontServer } from "../../../web/storefront/page-data.ts";

/** The built shop: what draws its pages, and where browsers find its files. */
export type Storefront = StorefrontServer & { files: ClientFiles; folder: URL };

/**
 * Loads what `local/build-storefront.ts` has built. Without it the API runs and has no pages of the shop: that is said once, as an
 * error. Selling through /v1 needs none.
 */
export async function loadStorefront(
  logger: Pick<Logger, "error">,
  folder = new URL("../../../web/storefront/dist/", import.meta.url),
): Promise<Storefront | undefined> {
  try {
    const files = JSON.parse(await readFile(new URL("files.json", folder), "utf8")) as ClientFiles;
    const built = (await import(new URL("server.js", folder).href)) as {
      storefront: StorefrontServer;
    };
    return { ...built.storefront, files, folder: new URL("client/", folder) };
  } catch (error) {
    logger.error(
      { err: error },
      "the shop has no pages: node local/build-storefront.ts makes them",
    );
    return undefined;
  }
}
