import {
  deleteItem,
  findItems,
  itemLists,
  listItems,
  withoutCodes,
} from "../../adapters/postgres/catalogue-items.ts";
import type { Item, ItemList, StoredItem } from "../../adapters/postgres/catalogue-items.ts";
import { deleteReference, findUses, listHalls } from "../../adapters/postgres/catalogue-uses.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import {
  listComingShows,
  listShowsById,
  seriesShowIds,
} from "../../adapters/postgres/series-shows.ts";
import type { SeriesShow } from "../../adapters/postgres/series-shows.ts";
import { DomainError } from "../../domain/errors.ts";
import { mayDo } from "../../domain/organiser-roles.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { ActFor, Done, Member } from "./act-for.ts";
import type { Ask } from "./organisations.ts";

export type ItemAsk = Ask & { list: ItemList; key: string };

export type ReadItems = ReturnType<typeof createReadItems>;

/** What an organisation has in its catalogue: read, list, delete, export. */
export function createReadItems({
  db,
  actFor,
  sealing,
}: {
  db: Database;
  actFor: ActFor;
  sealing: Sealing;
}) {
  const { act, memberOf } = actFor;

  async function read({ list, key, ...ask }: ItemAsk): Promise<StoredItem & { member: Member }> {
    const member = await memberOf({ ...ask, permission: "see" });
    const [stored] = await findItems(db, sealing, { ...ask, list, keys: [key] });
    if (stored === undefined) throw new DomainError("ITEM_NOT_FOUND");
    return { ...stored, item: shownTo(member, stored.item), member };
  }

  return {
    /** Codes of channels are for those alone who may change them. Throws ITEM_NOT_FOUND. */
    read,

    list: async ({ list, after, ...ask }: Ask & { list: ItemList; after?: string | undefined }) => {
      await memberOf({ ...ask, permission: "see" });
      return listItems(db, {
        organiserId: ask.organiserId,
        list,
        ...(after !== undefined && { after }),
      });
    },

    /** The shows that a series has named, those that it no longer names left out. Throws ITEM_NOT_FOUND. */
    shows: async (ask: Omit<ItemAsk, "list">): Promise<SeriesShow[]> => {
      const { item, member } = await read({ ...ask, list: "series" });
      return listShowsById(db, seriesShowIds(keyOf(member), item));
    },

    /** What a series may be of and in: keys of titles, and halls as "venue/hall". */
    choices: async (ask: Ask): Promise<{ titles: string[]; halls: string[] }> => {
      const { organiserId } = await memberOf({ ...ask, permission: "see" });
      const titles = await listItems(db, { organiserId, list: "titles" });
      return { titles: titles.map(({ key }) => key), halls: await listHalls(db, organiserId) };
    },

    /** The next shows in the organisation's venues. */
    comingShows: async (ask: Ask): Promise<SeriesShow[]> => {
      await memberOf({ ...ask, permission: "see" });
      return listComingShows(db, ask.organiserId);
    },

    /** Throws ITEM_IN_USE with what needs it, ITEM_NOT_FOUND. */
    delete: (ask: ItemAsk): Promise<void> =>
      act({ ...ask, permission: "edit the catalogue", alone: true }, (tx, member) =>
        deleteIn(tx, sealing, member, ask),
      ),

    /** The organisation's catalogue as a file. Importing it again changes nothing. */
    export: async (ask: Ask): Promise<Item> => {
      const member = await memberOf({ ...ask, permission: "see" });
      const lists = await Promise.all(
        itemLists.map(async (list) => {
          const stored = await findItems(db, sealing, { organiserId: ask.organiserId, list });
          return [list, stored.map(({ item }) => shownTo(member, item))] as const;
        }),
      );
      const organisers = [{ key: keyOf(member), name: member.name }];
      return { format: "marquee-catalogue/1", organisers, ...Object.fromEntries(lists) };
    },
  };
}

async function deleteIn(
  tx: Queryable,
  sealing: Sealing,
  member: Member,
  { organiserId, list, key }: ItemAsk,
): Promise<Done<undefined>> {
  const [stored] = await findItems(tx, sealing, { organiserId, list, keys: [key] });
  if (stored === undefined) throw new DomainError("ITEM_NOT_FOUND");
  const place = { organiserId, organiserKey: keyOf(member), list, key };
  const uses = [...(await findUses(tx, place)), ...(await comingOf(tx, place, stored.item))];
  if (uses.length > 0) throw new DomainError("ITEM_IN_USE", { usedBy: uses });
  await deleteItem(tx, place);
  await deleteReference(tx, place);
  const action = { action: `${wordOf[list]} deleted`, subject: key, details: {} };
  return { result: undefined, action };
}

/** In the words of the record of what was done. */
export const wordOf: Record<ItemList, string> = {
  ...{ layouts: "layout", venues: "venue", titles: "title", series: "series" },
};

/** Whoever founds an organisation says its key. */
export function keyOf({ key }: Member): string {
  if (key === null) throw new TypeError("An organisation with members has a key");
  return key;
}

function shownTo({ role }: Member, item: Item): Item {
  return mayDo(role, "edit the catalogue") ? item : withoutCodes(item).bare;
}

async function comingOf(
  db: Queryable,
  { organiserKey, list }: { organiserKey: string; list: ItemList },
  item: Item,
): Promise<string[]> {
  if (list !== "series") return [];
  const coming = (await listShowsById(db, seriesShowIds(organiserKey, item))).filter(isComing);
  return coming.length === 0 ? [] : [`${coming.length} coming shows`];
}

export function isComing({ status, startsAtMs }: SeriesShow): boolean {
  return status === "scheduled" && startsAtMs > Date.now();
}
