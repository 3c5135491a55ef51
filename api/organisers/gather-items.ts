import { z } from "zod";

import { findItems } from "../../adapters/postgres/catalogue-items.ts";
import type { Item, ItemList } from "../../adapters/postgres/catalogue-items.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Sealing } from "../../platform/sealing.ts";

/** The lists of a file that has an item first in its list, and behind it everything that its rows cannot be planned without. */
export type Gathered = Record<ItemList, Item[]>;

/**
 * A layout with the venues that use it, so that their halls get it; a venue with its layouts; a series with its title, its hall and
 * the hall's layout. Other series are not among them: their shows stay as they are until they are saved again.
 */
export async function gatherItems(
  db: Queryable,
  sealing: Sealing,
  { organiserId, list, item }: { organiserId: string; list: ItemList; item: Item },
): Promise<Gathered> {
  const find = async (wanted: ItemList, keys?: string[]): Promise<Item[]> =>
    (await findItems(db, sealing, { organiserId, list: wanted, ...(keys && { keys }) })).map(
      (stored) => stored.item,
    );
  const none = { layouts: [], venues: [], titles: [], series: [] };
  switch (list) {
    case "titles":
      return { ...none, titles: [item] };
    case "venues":
      return { ...none, venues: [item], layouts: await find("layouts", layoutsOf([item])) };
    case "layouts": {
      const isUsed = (venue: Item) => layoutsOf([venue]).includes(String(item["key"]));
      const venues = (await find("venues")).filter(isUsed);
      const others = layoutsOf(venues).filter((key) => key !== item["key"]);
      return { ...none, layouts: [item, ...(await find("layouts", others))], venues };
    }
    case "series": {
      const { title, hall } = seriesReferences.parse(item);
      const [venueKey = "", hallKey = ""] = hall.split("/");
      const venues = (await find("venues", [venueKey])).flatMap((venue) =>
        onlyHall(venue, hallKey),
      );
      const layouts = await find("layouts", layoutsOf(venues));
      return { layouts, venues, titles: await find("titles", [title]), series: [item] };
    }
  }
}

// What is no text refers to nothing, and is reported where the item is read.
const seriesReferences = z.object({ title: z.string().catch(""), hall: z.string().catch("") });
const halls = z
  .array(z.looseObject({ key: z.string().catch(""), layout: z.string().catch("") }))
  .catch([]);

function layoutsOf(venues: readonly Item[]): string[] {
  return venues.flatMap((venue) => halls.parse(venue["halls"]).map(({ layout }) => layout));
}

/** Nothing if it has no such hall. */
function onlyHall(venue: Item, hallKey: string): Item[] {
  const [hall] = halls.parse(venue["halls"]).filter(({ key }) => key === hallKey);
  return hall === undefined ? [] : [{ ...venue, halls: [hall] }];
}
