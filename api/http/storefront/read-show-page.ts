import type { StoredShow } from "../../../adapters/postgres/catalogue.ts";
import { DomainError } from "../../../domain/errors.ts";
import type { FreeSeats, Phase, ShowPage } from "../../../web/storefront/page-data.ts";
import type { Operations } from "../../operations/create-operations.ts";
import { toShow } from "../routes/shows.ts";

/** A show with what is free of it, as its page says it. Without its seats, if nobody can say how they are. Throws SHOW_NOT_FOUND. */
export function createReadShowPage(
  operations: Pick<Operations, "readShow" | "readLayout" | "seatViews" | "lines">,
) {
  return async (showId: string): Promise<{ page: ShowPage; staleSeconds: number }> => {
    const { show, staleSeconds } = await operations.readShow(showId);
    const seats = await countFree(operations, show).catch(unlessAway);
    const { isSoldOut = false, freeSeats } = seats ?? {};
    return {
      page: {
        ...toShow(show),
        phase: phaseOf(show, { isSoldOut, nowMs: Date.now() }),
        hasLine: operations.lines.of(showId) !== undefined,
        freeSeats,
      },
      staleSeconds,
    };
  };
}

/**
 * By section and price, in the order of the layout, areas behind seats. What is held is not free, and not sold either: it may come
 * back in a minute.
 */
async function countFree(
  operations: Pick<Operations, "readLayout" | "seatViews">,
  show: StoredShow,
): Promise<{ freeSeats: FreeSeats[]; isSoldOut: boolean }> {
  const [{ view }, { layout }] = await Promise.all([
    operations.seatViews.read(show.showId),
    operations.readLayout(show.layoutHash),
  ]);
  const prices = new Map(show.prices.map((price) => [price.priceCode, price]));
  const names = new Map(layout.sections.map(({ id, name }) => [id, name]));
  const groups = new Map<string, FreeSeats>();
  function add(section: string, priceCode: string, free: number): void {
    const price = prices.get(priceCode);
    // A seat without a price is not for sale.
    if (price === undefined) return;
    const key = `${section} ${priceCode}`;
    const known = groups.get(key) ?? {
      section,
      priceName: price.name,
      price: { amountMinor: price.amountMinor + price.feeMinor, currency: show.currency },
      free: 0,
    };
    known.free += free;
    groups.set(key, known);
  }
  for (const [index, { priceCode, status }] of view.seats().entries()) {
    const section = layout.seats[index]?.section ?? "";
    add(names.get(section) ?? section, priceCode, status === "available" ? 1 : 0);
  }
  for (const { name, priceCode, free } of view.areas.values()) add(name, priceCode, free());
  const { free, held } = view.unsold();
  return { freeSeats: [...groups.values()], isSoldOut: free + held === 0 };
}

/** Pages answer while a store is away: then this part of it is missing. */
function unlessAway(error: unknown): undefined {
  if (error instanceof DomainError && error.code !== "SHOW_NOT_FOUND") return undefined;
  throw error;
}

function phaseOf(
  show: StoredShow,
  { isSoldOut, nowMs }: { isSoldOut: boolean; nowMs: number },
): Phase {
  if (show.status === "cancelled") return "cancelled";
  if (nowMs >= show.startsAtMs) return "past";
  if (nowMs >= show.salesCloseAtMs) return "closed";
  const isOpen = ({ codeHash, opensAtMs, closesAtMs }: StoredShow["channels"][number]) =>
    codeHash !== null &&
    nowMs >= (opensAtMs ?? show.salesOpenAtMs) &&
    (closesAtMs === null || nowMs < closesAtMs);
  // Seats of a channel are not free for everybody, and not sold for that.
  if (nowMs < show.salesOpenAtMs && show.channels.some(isOpen)) return "presale";
  if (isSoldOut) return "sold_out";
  return nowMs < show.salesOpenAtMs ? "before" : "open";
}
