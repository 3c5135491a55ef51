import { DomainError } from "../../domain/errors.ts";
import type { Money } from "../../domain/money.ts";
import type { ShowCache } from "./show-cache.ts";

/** Throws for seats that the hall does not have, and for a total in another currency than the show's. Costs no SQL. */
export async function refuseUnknownSeats(
  shows: ShowCache,
  order: { showId: string; seatIds: string[]; expectedTotal?: Money | undefined },
): Promise<void> {
  const show = await shows.show(order.showId);
  const { seats } = await shows.layout(show.layoutHash);
  const unknown = order.seatIds.filter((seatId) => !seats.has(seatId));
  if (unknown.length > 0) throw new DomainError("SEAT_UNKNOWN", { seatIds: unknown });
  if (order.expectedTotal !== undefined && order.expectedTotal.currency !== show.currency) {
    throw new DomainError("PRICE_CHANGED", { currency: show.currency });
  }
}
