import type { CheckoutClient } from "../../adapters/checkout/create-checkout-client.ts";
import {
  findWaitingEntry,
  joinWaitingList,
  leaveWaitingList,
} from "../../adapters/postgres/waiting-list.ts";
import type {
  JoinOutcome,
  WaitingEntry,
  WaitingPerson,
} from "../../adapters/postgres/waiting-list.ts";
import { voidOffer } from "../../adapters/postgres/waiting-offers.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { bookingSeatsMax } from "../../domain/booking.ts";
import type { SeatStatus } from "../../domain/booking.ts";
import { fitsHall } from "../../domain/choose-offers.ts";
import { DomainError } from "../../domain/errors.ts";
import { listShowSeats } from "../../domain/places.ts";
import type { WaitingWish } from "../../domain/waiting-list.ts";
import type { ShowCache } from "../shows/show-cache.ts";

/** What a person may do on the waiting list of a sold-out show. */
export function createWaitForSeats(deps: {
  db: Queryable;
  shows: ShowCache;
  checkouts: Pick<CheckoutClient, "cancel">;
}) {
  const { db, shows, checkouts } = deps;

  async function read(person: WaitingPerson): Promise<WaitingEntry> {
    const entry = await findWaitingEntry(db, person);
    if (entry === undefined) throw new DomainError("WAITING_LIST_ENTRY_NOT_FOUND");
    return entry;
  }

  /** Places for wheelchairs and their companions' are often the last that are free, and nobody else can buy them. */
  async function seatsForOthers(layoutHash: string): Promise<string[]> {
    const { layout } = await shows.layout(layoutHash);
    return layout.seats
      .filter(({ accessible, companion }) => accessible === true || companion === true)
      .map(({ id }) => id);
  }

  /** By the rule that chooses offers. A wish that even the empty hall cannot meet would keep the list open for nothing. */
  async function fitsEmptyHall(show: StoredShow, wish: WaitingWish): Promise<boolean> {
    const { layout, seating } = await shows.layout(show.layoutHash);
    const statuses = new Map<string, SeatStatus>(
      listShowSeats(layout).map(({ id }) => [id, "available"]),
    );
    return fitsHall({ ...show, layout, seating, statuses }, wish);
  }

  return {
    /** One entry a person and show: the same wish again finds it. */
    async join(person: WaitingPerson, wish: WaitingWish & { currency?: string }) {
      const show = await shows.show(person.showId);
      const seatsMax = Math.min(show.seatsPerBuyerMax, bookingSeatsMax);
      if (wish.partySize > seatsMax) throw new DomainError("SEATS_TOO_MANY", { seatsMax });
      const known = new Set(show.prices.map(({ priceCode }) => priceCode));
      const unknown = wish.priceCodes.filter((code) => !known.has(code));
      if (unknown.length > 0) throw new DomainError("PRICE_UNKNOWN", { unknown });
      if (wish.currency !== undefined && wish.currency !== show.currency) {
        throw new DomainError("PRICE_UNKNOWN", { currency: show.currency });
      }
      const priceCodes = [...new Set(wish.priceCodes)].toSorted();
      const wished = { ...wish, priceCodes };
      if (!(await fitsEmptyHall(show, wished))) throw new DomainError("WAITING_WISH_IMPOSSIBLE");
      const apart = wish.accessible > 0 ? [] : await seatsForOthers(show.layoutHash);
      const joined = await joinWaitingList(db, { ...wished, ...person, apart });
      if (joined.outcome === "refused") throw refused(joined);
      return { isNew: joined.outcome === "joined", entry: await read(person) };
    },

    read,

    /** Done already is done. Seats that are being offered go back, and are offered to the next; once they are paid it is too late. */
    async leave(person: WaitingPerson): Promise<void> {
      const left = await leaveWaitingList(db, person);
      if (left.outcome !== "offered") return;
      const offer = { ...person, bookingId: left.bookingId };
      const outcome = await checkouts.cancel({ ...offer, by: "buyer" });
      if (outcome === "too_late") throw new DomainError("BOOKING_CLOSED");
      if (outcome === "cancelled") return;
      // Over, or not begun yet: then it is never to hold seats.
      await voidOffer(db, { ...offer, passedOverSeconds: 0 });
      await leaveWaitingList(db, person);
    },
  };
}

/** Where seats are merely held it is worth coming back when the first of those holds ends. */
function refused({ code, retryAtMs }: Extract<JoinOutcome, { outcome: "refused" }>): DomainError {
  if (retryAtMs === undefined) return new DomainError(code);
  const seconds = Math.ceil((retryAtMs - Date.now()) / 1_000);
  return new DomainError(code, { retryAfterSeconds: Math.max(1, seconds) });
}
