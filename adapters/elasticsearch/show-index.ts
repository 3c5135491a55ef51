import { errors } from "@elastic/elasticsearch";

import type { ShowDocument } from "../../domain/events.ts";
import type { Elastic } from "./create-elastic.ts";
import { indexed, properties } from "./show-mapping.ts";

/** Elasticsearch will never take this document. */
export class BadShow extends Error {}

export type VersionedShow = { show: ShowDocument; version: number };

/**
 * Makes the first index and its aliases when there are none: `alias` is what searches read, `<alias>-write` what the indexer
 * writes. During a reindex these are different sets of indices. Several processes may try at once.
 */
export async function ensureShowIndex(elastic: Elastic, alias: string): Promise<void> {
  if (await elastic.indices.existsAlias({ name: alias })) return;
  const index = `${alias}-000001`;
  // Index and aliases at once: whoever comes second finds all of it, and a crash leaves no half.
  await createShowIndex(elastic, index, [alias, `${alias}-write`]).catch((error: unknown) => {
    if (!isAlreadyThere(error)) throw error;
  });
}

/**
 * Writes shows to every index that is being written. A version that is not newer than what is there is refused by
 * Elasticsearch, so late and repeated events do no harm.
 */
export async function putShows(
  elastic: Elastic,
  alias: string,
  shows: VersionedShow[],
): Promise<void> {
  const indices = await writtenIndices(elastic, alias);
  await Promise.all(indices.map((index) => putInto(elastic, index, shows)));
}

async function putInto(elastic: Elastic, index: string, shows: VersionedShow[]): Promise<void> {
  // Of several versions of a show in one batch only the newest counts.
  const newest = new Map<string, VersionedShow>();
  for (const each of shows) {
    const known = newest.get(each.show.showId);
    if (known === undefined || known.version < each.version) newest.set(each.show.showId, each);
  }
  const { items } = await elastic.bulk({
    operations: [...newest.values()].flatMap(({ show, version }) => [
      { index: { _index: index, _id: show.showId, version, version_type: "external" as const } },
      indexed(show),
    ]),
  });
  const failed = items.flatMap(({ index: item }) =>
    item?.error !== undefined && item.status !== 409 ? [item] : [],
  );
  const [first] = failed;
  if (first === undefined) return;
  const message = `${failed.length} shows were not indexed: ${first.error?.reason ?? ""}`;
  throw failed.every(({ status }) => status === 400) ? new BadShow(message) : new Error(message);
}

/**
 * Builds a new index while events flow: the indexer writes to both from the first moment, so nothing that happens meanwhile
 * is missing; when `fill` is done, searches read the new one and the old one is dropped.
 */
export async function rebuildShowIndex(
  elastic: Elastic,
  alias: string,
  fill: (put: (shows: VersionedShow[]) => Promise<void>) => Promise<void>,
): Promise<{ index: string }> {
  await ensureShowIndex(elastic, alias);
  const oldIndices = await writtenIndices(elastic, alias);
  const index = `${alias}-${String(nextNumber(oldIndices)).padStart(6, "0")}`;
  await createShowIndex(elastic, index, [`${alias}-write`]);

  await fill((shows) => putInto(elastic, index, shows));
  await elastic.indices.refresh({ index });
  await elastic.indices.updateAliases({
    actions: [
      { add: { index, alias } },
      ...oldIndices.map((old) => ({ remove_index: { index: old } })),
    ],
  });
  return { index };
}

async function writtenIndices(elastic: Elastic, alias: string): Promise<string[]> {
  return Object.keys(await elastic.indices.getAlias({ name: `${alias}-write` }));
}

function nextNumber(indices: string[]): number {
  return 1 + Math.max(0, ...indices.map((index) => Number(index.split("-").at(-1))));
}

async function createShowIndex(elastic: Elastic, index: string, aliases: string[]): Promise<void> {
  await elastic.indices.create({
    index,
    aliases: Object.fromEntries(aliases.map((alias) => [alias, {}])),
    settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "500ms" },
    mappings: { dynamic: "strict", properties },
  });
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.message.includes("resource_already_exists");
}
