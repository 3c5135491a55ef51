import type { Sealing } from "../../platform/sealing.ts";
import type { ListName } from "./catalogue-file.ts";
import type { Queryable } from "./pool.ts";

/** What an organisation has in its catalogue: the lists of a catalogue file, without the organisers. */
export type ItemList = Exclude<ListName, "organisers">;
/** In the order in which a season comes about. */
export const itemLists = ["layouts", "venues", "titles", "series"] as const;

/** As it was written down: a layout with its runs of rows, a series with its dates. */
export type Item = Record<string, unknown>;
export type StoredItem = { list: ItemList; key: string; item: Item; version: number };

type Place = { organiserId: string; list: ItemList; key: string };
export type Seals = Pick<Sealing, "seal" | "open">;

/** Those of the keys that are there; all of the list without keys. In the order of keys. */
export async function findItems(
  db: Queryable,
  seals: Seals,
  where: { organiserId: string; list: ItemList; keys?: readonly string[] },
): Promise<StoredItem[]> {
  const { organiserId, list, keys } = where;
  const { rows } = await db.query<StoredItem & { sealedCodes: Buffer | null }>(
    `select list, key, item, version, sealed_codes as "sealedCodes" from catalogue_items
     where organiser_id = $1 and list = $2 and ($3::text[] is null or key = any($3)) order by key collate "C"`,
    [organiserId, list, keys ?? null],
  );
  return rows.map(({ sealedCodes, ...stored }) => {
    if (sealedCodes === null) return stored;
    const codes = seals.open(sealedCodes, sealedAt({ organiserId, list, key: stored.key }));
    return { ...stored, item: withCodes(stored.item, JSON.parse(codes) as Codes) };
  });
}

const listedMax = 1_000;

/** Keys and names, in the order of keys, a thousand at the most: those after the key `after`. */
export async function listItems(
  db: Queryable,
  { organiserId, list, after = "" }: { organiserId: string; list: ItemList; after?: string },
): Promise<{ key: string; name: string; version: number }[]> {
  const { rows } = await db.query<{ key: string; name: string; version: number }>(
    `select key, coalesce(item ->> 'name', item ->> 'title') as name, version from catalogue_items
     where organiser_id = $1 and list = $2 and key collate "C" > $3 order by key collate "C" limit ${listedMax}`,
    [organiserId, list, after],
  );
  return rows;
}

// A statement of so many items is some megabytes at the most.
const saveBatch = 500;

/** Writes them down and returns their versions by key, which go up by one. Codes of channels are sealed. */
export async function saveItems(
  tx: Queryable,
  seals: Seals,
  {
    organiserId,
    list,
    items,
  }: { organiserId: string; list: ItemList; items: readonly { key: string; item: Item }[] },
): Promise<Map<string, number>> {
  const versions = new Map<string, number>();
  for (let start = 0; start < items.length; start += saveBatch) {
    const batch = items.slice(start, start + saveBatch).map(({ key, item }) => {
      const { bare, codes } = withoutCodes(item);
      const context = sealedAt({ organiserId, list, key });
      return { key, bare, sealed: codes && seals.seal(JSON.stringify(codes), context) };
    });
    const { rows } = await tx.query<{ key: string; version: number }>(
      `insert into catalogue_items (organiser_id, list, key, item, sealed_codes, changed_at)
       select $1, $2, key, item::json, sealed_codes, now()
       from unnest($3::text[], $4::text[], $5::bytea[]) as saved (key, item, sealed_codes)
       on conflict (organiser_id, list, key) do update set item = excluded.item, sealed_codes = excluded.sealed_codes,
         version = catalogue_items.version + 1, changed_at = excluded.changed_at
       returning key, version`,
      [
        ...[organiserId, list, batch.map(({ key }) => key)],
        batch.map(({ bare }) => JSON.stringify(bare)),
        batch.map(({ sealed }) => sealed ?? null),
      ],
    );
    for (const { key, version } of rows) versions.set(key, version);
  }
  return versions;
}

export async function countItems(db: Queryable, organiserId: string): Promise<number> {
  const { rows } = await db.query<{ items: number }>(
    "select count(*)::integer as items from catalogue_items where organiser_id = $1",
    [organiserId],
  );
  return rows[0]?.items ?? 0;
}

export async function deleteItem(tx: Queryable, { organiserId, list, key }: Place): Promise<void> {
  await tx.query("delete from catalogue_items where organiser_id = $1 and list = $2 and key = $3", [
    organiserId,
    list,
    key,
  ]);
}

function sealedAt({ organiserId, list, key }: Place): string {
  return `catalogue_items.sealed_codes ${organiserId} ${list} ${key}`;
}

type Codes = Record<string, string>;
type Channel = Item & { key?: unknown; code?: unknown };

/** A series without the codes of its channels: it may be shown to those who may not change it. */
export function withoutCodes(item: Item): { bare: Item; codes: Codes | undefined } {
  const { channels } = item as { channels?: Channel[] };
  const coded = channels?.filter(({ code }) => code !== undefined) ?? [];
  if (channels === undefined || coded.length === 0) return { bare: item, codes: undefined };
  return {
    bare: { ...item, channels: channels.map(({ code: _, ...channel }) => channel) },
    codes: Object.fromEntries(coded.map(({ key, code }) => [String(key), String(code)])),
  };
}

function withCodes(item: Item, codes: Codes): Item {
  const { channels = [] } = item as { channels?: Channel[] };
  const coded = channels.map((channel) => {
    const code = codes[String(channel.key)];
    return code === undefined ? channel : { ...channel, code };
  });
  return { ...item, channels: coded };
}
