import { z } from "zod";

import { itemLists } from "./catalogue-items.ts";
import type { Item, ItemList } from "./catalogue-items.ts";
import type { SavedItem } from "./keep-items.ts";

/**
 * What each organisation of a file has in it, by its key and as it was written. Venues and titles name theirs; a series is its venue's,
 * a layout that of the venues whose halls have it. A layout that no hall has is everybody's. The file was read without a problem.
 */
export function shareItems(content: unknown): Map<string, SavedItem[]> {
  const lists = fileSchema.parse(content);
  const owners = new Map(lists.venues.map(({ key, organiser }) => [key, organiser]));
  const ownersOfLayouts = new Map<string, Set<string>>();
  for (const { organiser, halls } of lists.venues) {
    for (const { layout } of halls) {
      const known = ownersOfLayouts.get(layout) ?? new Set();
      ownersOfLayouts.set(layout, known.add(organiser));
    }
  }
  const everybody = lists.organisers.map(({ key }) => key);
  const ownersOf: { [List in ItemList]: (item: (typeof lists)[List][number]) => Iterable<string> } =
    {
      layouts: ({ key }) => ownersOfLayouts.get(key) ?? everybody,
      venues: ({ organiser }) => [organiser],
      titles: ({ organiser }) => [organiser],
      series: ({ hall }) => [owners.get(hall.split("/")[0] ?? "") ?? ""],
    };

  const shared = new Map(everybody.map((key) => [key, [] as SavedItem[]]));
  const share = <List extends ItemList>(list: List) => {
    const items: readonly (typeof lists)[List][number][] = lists[list];
    for (const item of items) {
      for (const owner of ownersOf[list](item)) {
        shared.get(owner)?.push({ list, key: item.key, item: item as Item });
      }
    }
  };
  itemLists.forEach(share);
  return shared;
}

const key = z.string();
const list = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).default([]);

/** Only what says whose an item is. */
const fileSchema = z.looseObject({
  organisers: list(z.looseObject({ key })),
  layouts: list(z.looseObject({ key })),
  venues: list(
    z.looseObject({ key, organiser: key, halls: z.array(z.looseObject({ layout: key })) }),
  ),
  titles: list(z.looseObject({ key, organiser: key })),
  series: list(z.looseObject({ key, hall: z.string() })),
});
