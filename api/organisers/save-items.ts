import { findItems, itemLists } from "../../adapters/postgres/catalogue-items.ts";
import type { Item, ItemList } from "../../adapters/postgres/catalogue-items.ts";
import type { SavedItem } from "../../adapters/postgres/keep-items.ts";
import type { Database, PoolClient } from "../../adapters/postgres/pool.ts";
import { withTransaction } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import type { PlanPath } from "../../domain/plan-problem.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { ActFor, Done, Member } from "./act-for.ts";
import { gatherItems } from "./gather-items.ts";
import type { Ask } from "./organisations.ts";
import type { ItemProblem } from "./plan-items.ts";
import { tellItemProblems } from "./plan-items.ts";
import { keyOf, wordOf } from "./read-items.ts";
import type { ItemAsk } from "./read-items.ts";
import { refusedAt, writeItems } from "./write-items.ts";
import type { At, Written, WrittenItems } from "./write-items.ts";

/** An item as it is to be. `ifVersion`: only if it is still of this version; 0: only if it is not there. */
export type ItemWish = ItemAsk & { item: Item; ifVersion?: number | undefined };

type Deps = { db: Database; actFor: ActFor; sealing: Sealing; tellSeats: TellSeats };

/** Brings an organisation's catalogue to what its people say, by the plan and the statements of the catalogue file. */
export function createSaveItems(deps: Deps) {
  const { db, sealing } = deps;
  const { act, memberOf } = deps.actFor;

  /** What an item would do, nothing of it kept: with its problems, if it has any. */
  const checkAs = async (ask: Ask, work: (tx: PoolClient, member: Member) => Promise<Written>) => {
    const member = await memberOf({ ...ask, permission: "edit the catalogue" });
    return withTransaction(db, (tx) => work(tx, member));
  };
  const saveAs = async (
    ask: Ask,
    work: (tx: PoolClient, member: Member) => Promise<Done<WrittenItems>>,
  ): Promise<WrittenItems> => {
    const written = await act({ ...ask, permission: "edit the catalogue", alone: true }, work);
    for (const { showId, seats } of written.news) deps.tellSeats(showId, seats);
    return written;
  };

  return {
    check: async (wish: ItemWish): Promise<Checked> => {
      const { problems, written } = await checkAs(wish, (tx, member) =>
        write({ tx, sealing, member }, wish, true),
      );
      return { problems: tellItemProblems(problems, placeOf(wish.list)), shows: written.shows };
    },

    /** Throws CATALOGUE_INVALID with all problems, ITEM_CHANGED if it is of another version. */
    save: (wish: ItemWish): Promise<WrittenItems> =>
      saveAs(wish, async (tx, member) => {
        await refuseOtherVersion({ tx, sealing, member }, wish);
        const { problems, written } = await write({ tx, sealing, member }, wish, false);
        refuse(tellItemProblems(problems, placeOf(wish.list)));
        return doneAs(`${wordOf[wish.list]} saved`, wish.key, written);
      }),

    checkFile: async ({ content, ...ask }: Ask & { content: Item }): Promise<Checked> => {
      const { problems, written } = await checkAs(ask, (tx, member) =>
        writeItems({ tx, sealing, member }, { ...fileOf(member, content), check: true }),
      );
      return { problems: tellItemProblems(problems), shows: written.shows };
    },

    /** A whole catalogue file, as long as it names no other organisation. Throws CATALOGUE_INVALID. */
    importFile: ({ content, ...ask }: Ask & { content: Item }): Promise<WrittenItems> =>
      saveAs(ask, async (tx, member) => {
        const file = fileOf(member, content);
        const { problems, written } = await writeItems(
          { tx, sealing, member },
          { ...file, check: false },
        );
        refuse(tellItemProblems(problems));
        return doneAs("file imported", keyOf(member), written);
      }),
  };
}

async function write(
  { tx, sealing, member }: At,
  wish: ItemWish,
  check: boolean,
): Promise<Written> {
  const { list, key } = wish;
  if (wish.item["key"] !== undefined && wish.item["key"] !== key) {
    return refusedAt([list, 0, "key"], `Its address calls it ${key}`);
  }
  const item = { ...ownerOf(list, member), ...wish.item, key };
  const content = await gatherItems(tx, sealing, { ...wish, item });
  return writeItems({ tx, sealing, member }, { content, saved: [{ list, key, item }], check });
}

async function refuseOtherVersion(
  { tx, sealing }: At,
  { ifVersion, organiserId, list, key }: ItemWish,
): Promise<void> {
  if (ifVersion === undefined) return;
  const [before] = await findItems(tx, sealing, { organiserId, list, keys: [key] });
  const version = before?.version ?? 0;
  if (version !== ifVersion) throw new DomainError("ITEM_CHANGED", { version });
}

export type Checked = { problems: ItemProblem[]; shows: WrittenItems["shows"] };

/** A repeat that changes nothing is no act. */
function doneAs(action: string, subject: string, written: WrittenItems): Done<WrittenItems> {
  const { isChange, summary: details } = written;
  return { result: written, action: isChange ? { action, subject, details } : undefined };
}

function refuse(problems: readonly ItemProblem[]): void {
  if (problems.length > 0) throw new DomainError("CATALOGUE_INVALID", { problems });
}

/** Layouts are nobody's, and a series is its venue's. */
function ownerOf(list: ItemList, member: Member): Item {
  return list === "venues" || list === "titles" ? { organiser: keyOf(member) } : {};
}

/** The item that was sent is the first of its list: its paths begin in it. */
function placeOf(list: ItemList) {
  return (path: PlanPath): PlanPath => (path[0] === list && path[1] === 0 ? path.slice(2) : path);
}

function fileOf(member: Member, content: Item): { content: Item; saved: SavedItem[] } {
  const { organisers = [], ...lists } = content;
  const others =
    Array.isArray(organisers) && organisers.some((one: Item) => one?.["key"] !== keyOf(member));
  if (others || !Array.isArray(organisers)) {
    refuse([{ path: "organisers", message: `It may name ${keyOf(member)} alone` }]);
  }
  if (content["posters"] !== undefined) {
    refuse([{ path: "posters", message: "Upload posters one by one" }]);
  }
  const saved = itemLists.flatMap((list) => {
    const items = lists[list];
    return (Array.isArray(items) ? items : []).map((item: Item) => ({
      list,
      key: String(item?.["key"]),
      item,
    }));
  });
  return { content: lists, saved };
}
