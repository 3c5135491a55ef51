import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

const checkout = join(import.meta.dirname, "..");
const state = process.env["MARQUEE_STATE"] ?? join(checkout, ".marquee");

/** Where things are on this machine. */
export const paths = {
  checkout,
  /** What was fetched, by version; outside the checkout, so that a second clone need not fetch it again. */
  cache:
    process.env["MARQUEE_CACHE"] ??
    (isRoot() ? "/var/tmp/marquee" : join(homedir(), ".cache/marquee")),
  /** What belongs to this checkout: addresses, logs, and data of what runs as the caller. */
  state,
  /** Logs of the servers and of our own processes, and the lists of what runs. */
  servers: join(state, "servers"),
  house: join(state, "house"),
};

/**
 * Where servers keep their data. As root, PostgreSQL and Elasticsearch run as another user who cannot enter root's folders:
 * then the data lives beside the cache, one folder for each Marquee.
 */
export function dataFolder(): string {
  if (!isRoot()) return join(paths.state, "data");
  const name = createHash("sha256").update(state).digest("hex").slice(0, 12);
  return join(paths.cache, "data", name);
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
