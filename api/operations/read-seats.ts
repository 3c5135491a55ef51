import { getSeatStatuses } from "../../adapters/postgres/catalogue.ts";
import type { SeatStatus } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { LayoutSeat } from "../../domain/layout.ts";
import type { ShowCache } from "./show-cache.ts";

export type ShowSeat = Pick<LayoutSeat, "id" | "priceCode"> &
  Pick<SeatStatus, "status" | "version">;
export type ShowSeats = { layoutHash: string; seats: ShowSeat[] };

/** Every seat of a show in layout order, as a buyer may see it: whose it is, is nobody's business. */
export function createReadSeats(deps: { db: Queryable; shows: ShowCache; graceSeconds: number }) {
  return async (showId: string): Promise<ShowSeats> => {
    const show = await deps.shows.show(showId);
    const [{ layout }, statuses] = await Promise.all([
      deps.shows.layout(show.layoutHash),
      getSeatStatuses(deps.db, showId),
    ]);
    const nowMs = Date.now();
    const byId = new Map(statuses.map((seat) => [seat.seatId, seat]));
    const seats = layout.seats.map(({ id, priceCode }) => {
      const seat = byId.get(id);
      return {
        id,
        priceCode,
        // A seat of the drawing that the show does not sell.
        status: seat === undefined ? ("blocked" as const) : shownStatus(seat, nowMs),
        version: seat?.version ?? 0,
      };
    });
    return { layoutHash: show.layoutHash, seats };
  };

  /** Past hold and grace the hold statement takes the seat over, so it is on sale, whoever still stands in its row. */
  function shownStatus({ status, heldUntilMs }: SeatStatus, nowMs: number): SeatStatus["status"] {
    if (status !== "held" || heldUntilMs === null) return status;
    return heldUntilMs + deps.graceSeconds * 1_000 > nowMs ? "held" : "available";
  }
}
