import { createHash } from "node:crypto";

import type { Elastic } from "./create-elastic.ts";
import type { PutShows } from "./put-shows.ts";
import { putInto, writeNameOf } from "./put-shows.ts";
import { properties } from "./show-mapping.ts";

/** Puts every show into the index that is being built. */
export type Fill = (put: PutShows) => Promise<void>;

/**
 * Sees to it that there is an index of today's mapping: `alias` is what searches read, `<alias>-write` what the indexer writes; during
 * a reindex these are different sets of indices. Where there is none, or one of another Marquee, it is built, and read when it is
 * full: until then searches go on with what they have, or have something better to fall back to than an index without shows. One at a
 * time: whoever calls holds the lock of a reindex.
 */
export async function ensureShowIndex(
  elastic: Elastic,
  alias: string,
  fill: Fill = async () => undefined,
): Promise<void> {
  if (await isOfToday(elastic, alias)) return;
  await rebuildShowIndex(elastic, alias, fill);
}

async function isOfToday(elastic: Elastic, alias: string): Promise<boolean> {
  const { read } = await listShowIndices(elastic, alias);
  if (read.length === 0) return false;
  const found = await elastic.indices.getMapping({ index: read });
  return Object.values(found).every(({ mappings }) => mappings._meta?.["digest"] === digest);
}

/** Documents of another mapping lack fields, or have them otherwise: no mapping is mended, its index is built anew. */
const digest = createHash("sha256").update(JSON.stringify(properties)).digest("hex").slice(0, 16);

export async function hasShowIndex(elastic: Elastic, alias: string): Promise<boolean> {
  return elastic.indices.existsAlias({ name: alias });
}

/**
 * Builds a new index while events flow: the indexer writes to both from the first moment, so nothing that happens meanwhile
 * is missing; when `fill` is done, searches read the new one and the old one is dropped, in one step. What a rebuild has left that did
 * not come to its end is dropped first. One at a time: whoever calls holds the lock of a reindex.
 */
export async function rebuildShowIndex(
  elastic: Elastic,
  alias: string,
  fill: Fill,
): Promise<{ index: string }> {
  const { read, left } = await listShowIndices(elastic, alias);
  if (left.length > 0) await elastic.indices.delete({ index: left });
  const index = nextIndex(alias, [...read, ...left]);
  await createShowIndex(elastic, alias, index);

  await fill((shows) => putInto(elastic, index, shows));
  await elastic.indices.putSettings({ index, settings: { refresh_interval: refreshInterval } });
  await elastic.indices.refresh({ index });
  await elastic.indices.updateAliases({
    actions: [{ add: { index, alias } }, ...read.map((old) => ({ remove_index: { index: old } }))],
  });
  return { index };
}

/** By their names: what searches read, and what is left of a rebuild, or belongs to one under way. */
export async function listShowIndices(
  elastic: Elastic,
  alias: string,
): Promise<{ read: string[]; left: string[] }> {
  const found = await elastic.indices.get({ index: `${alias}-*`, features: ["aliases"] });
  const ours = Object.entries(found).filter(([index]) => numberOf(alias, index) !== undefined);
  const isRead = ([, { aliases }]: (typeof ours)[number]) => aliases?.[alias] !== undefined;
  return {
    read: ours.filter(isRead).map(([index]) => index),
    left: ours.filter((one) => !isRead(one)).map(([index]) => index),
  };
}

/** A show is found half a second after it was written. Less often would be cheaper, and a change should be seen within two. */
const refreshInterval = "500ms";

async function createShowIndex(elastic: Elastic, alias: string, index: string): Promise<void> {
  await elastic.indices.create({
    index,
    // At once: a crash leaves no index that nobody knows to write to.
    aliases: { [`${alias}-write`]: {}, [writeNameOf(index)]: {} },
    settings: {
      number_of_shards: 1,
      // A copy as soon as there is a second node for it.
      auto_expand_replicas: "0-1",
      // Nobody reads it yet.
      refresh_interval: "-1",
    },
    mappings: { dynamic: "strict", _meta: { digest }, properties },
  });
}

function nextIndex(alias: string, indices: string[]): string {
  const last = Math.max(0, ...indices.map((index) => numberOf(alias, index) ?? 0));
  return `${alias}-${String(last + 1).padStart(6, "0")}`;
}

/** Undefined for an index of somebody else's whose name begins alike. */
function numberOf(alias: string, index: string): number | undefined {
  const end = index.startsWith(`${alias}-`) ? index.slice(alias.length + 1) : "";
  return /^\d{6}$/.test(end) ? Number(end) : undefined;
}
