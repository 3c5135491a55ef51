import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where things are on this machine. */
export const paths = {
  checkout: join(import.meta.dirname, ".."),
  /** What was fetched, by version; outside the checkout, so that a second clone need not fetch it again. */
  cache:
    process.env["MARQUEE_CACHE"] ??
    (isRoot() ? "/var/tmp/marquee" : join(homedir(), ".cache/marquee")),
  /** What belongs to this checkout: addresses, logs, and data of what runs as the caller. */
  state: join(import.meta.dirname, "../.marquee"),
  /** Logs of the servers and of our own processes, and the lists of what runs. */
  servers: join(import.meta.dirname, "../.marquee/servers"),
  house: join(import.meta.dirname, "../.marquee/house"),
};

/**
 * Where servers keep their data. As root, PostgreSQL and Elasticsearch run as another user who cannot enter root's folders:
 * then the data lives beside the cache, one folder for each checkout.
 */
export function dataFolder(): string {
  if (!isRoot()) return join(paths.state, "data");
  const checkout = createHash("sha256").update(paths.checkout).digest("hex").slice(0, 12);
  return join(paths.cache, "data", checkout);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
