import { isDeepStrictEqual } from "node:util";

import { findItems, saveItems } from "./catalogue-items.ts";
import type { Item, ItemList, Seals } from "./catalogue-items.ts";
import type { Queryable } from "./pool.ts";

export type SavedItem = { list: ItemList; key: string; item: Item };
/** `before`: what was there; undefined: nothing. */
export type KeptItem = SavedItem & { version: number; before: Item | undefined; isChange: boolean };

/** Writes down what an organisation says, where it differs from what it has said before. In the order of lists. */
export async function keepItems(
  tx: Queryable,
  seals: Seals,
  { organiserId, saved }: { organiserId: string; saved: readonly SavedItem[] },
): Promise<KeptItem[]> {
  const kept: KeptItem[] = [];
  for (const [list, items] of Map.groupBy(saved, (one) => one.list)) {
    const keys = items.map(({ key }) => key);
    const stored = await findItems(tx, seals, { organiserId, list, keys });
    const known = new Map(stored.map((one) => [one.key, one]));
    const changed = items.filter(({ key, item }) => !isDeepStrictEqual(known.get(key)?.item, item));
    const versions = await saveItems(tx, seals, { organiserId, list, items: changed });
    for (const one of items) {
      const { version = 0, item: before } = known.get(one.key) ?? {};
      const isChange = versions.has(one.key);
      kept.push({ ...one, before, version: versions.get(one.key) ?? version, isChange });
    }
  }
  return kept;
}
