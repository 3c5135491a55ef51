import type { estypes } from "@elastic/elasticsearch";

import type { ShowDocument } from "../../domain/events.ts";
import type { Elastic } from "./create-elastic.ts";
import { indexed } from "./show-mapping.ts";

export type VersionedShow = { show: ShowDocument; version: number };
/** A show that Elasticsearch will never take as it is. */
export type RefusedShow<Show> = { show: Show; reason: string };

export type PutShows = <Show extends VersionedShow>(shows: Show[]) => Promise<RefusedShow<Show>[]>;

/**
 * Writes shows to every index that is being written, in one request to each. A version that is not newer than what is there is
 * refused by Elasticsearch, so late and repeated events do no harm. Returns those that it will never take: all others are written.
 * Throws when it is away, full or busy: then everything is to be written again.
 */
export async function putShows<Show extends VersionedShow>(
  elastic: Elastic,
  alias: string,
  shows: Show[],
): Promise<RefusedShow<Show>[]> {
  const indices = Object.keys(await elastic.indices.getAlias({ name: `${alias}-write` }));
  const refused = await Promise.all(indices.map((index) => putInto(elastic, index, shows)));
  return [...new Map(refused.flat().map((one) => [one.show, one])).values()];
}

/** An index is written under a name that goes with it: by its own name a late write would make it anew, without a mapping. */
export function writeNameOf(index: string): string {
  return `${index}-written`;
}

export async function putInto<Show extends VersionedShow>(
  elastic: Elastic,
  index: string,
  shows: Show[],
): Promise<RefusedShow<Show>[]> {
  const refused: RefusedShow<Show>[] = [];
  let waiting = [...Map.groupBy(shows, ({ show }) => show.showId).values()];
  while (waiting.length > 0) {
    // Of several versions of a show only the newest counts, unless it is refused: then the one before it.
    const newest = waiting.map((versions) =>
      versions.reduce((one, other) => (other.version > one.version ? other : one)),
    );
    const refusals = await putOnce(elastic, index, newest);
    refused.push(...refusals);
    const gone = new Set(refusals.map(({ show }) => show));
    waiting = waiting
      .filter((_, position) => gone.has(newest[position] as Show))
      .map((versions) => versions.filter((each) => !gone.has(each)))
      .filter((versions) => versions.length > 0);
  }
  return refused;
}

async function putOnce<Show extends VersionedShow>(
  elastic: Elastic,
  index: string,
  shows: Show[],
): Promise<RefusedShow<Show>[]> {
  const { items } = await elastic.bulk({
    index: writeNameOf(index),
    require_alias: true,
    operations: shows.flatMap(({ show, version }) => [
      { index: { _id: show.showId, version, version_type: "external" as const } },
      indexed(show),
    ]),
  });
  return items.flatMap(({ index: item }, position) => {
    const show = shows[position];
    if (show === undefined || item?.error === undefined || item.status === 409) return [];
    const { type, reason } = item.error;
    if (!isForEver(item)) throw new Error(`${index} takes no shows: ${type}: ${reason ?? ""}`);
    return [{ show, reason: `${type}: ${reason ?? ""}`.slice(0, reasonMax) }];
  });
}

/** A header of a parked event. */
const reasonMax = 500;

/** A document that does not fit. A field that the index does not know yet is no fault of the document's. */
function isForEver({ status, error }: estypes.BulkResponseItem): boolean {
  return status === 400 && error?.type !== "strict_dynamic_mapping_exception";
}
