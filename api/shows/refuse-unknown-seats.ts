import type { StoredShow } from "../../adapters/postgres/catalogue.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";
import { areasOf } from "../../domain/places.ts";
import type { PlaceWish } from "../gate/choose-places.ts";
import type { ShowCache } from "./show-cache.ts";

/** Throws for seats and areas that the hall does not have, and for a total in another currency than the show's. Costs no SQL. */
export async function refuseUnknownSeats(
  shows: Pick<ShowCache, "layout">,
  show: StoredShow,
  order: {
    seatIds: string[];
    places?: PlaceWish[];
    expectedTotal?: Money | undefined;
  },
): Promise<void> {
  const { seats, layout } = await shows.layout(show.layoutHash);
  const unknown = order.seatIds.filter((seatId) => !seats.has(seatId));
  if (unknown.length > 0) throw new DomainError("SEAT_UNKNOWN", { seatIds: unknown });
  const known = areasOf(layout).map(({ id }) => id);
  const wanted = order.places?.map(({ area }) => area) ?? [];
  const areas = wanted.filter((area) => !known.includes(area));
  if (areas.length > 0) throw new DomainError("AREA_UNKNOWN", { areas });
  if (order.expectedTotal !== undefined && order.expectedTotal.currency !== show.currency) {
    throw new DomainError("PRICE_CHANGED", { currency: show.currency });
  }
}
