import type { SeatViews } from "../live/seat-views.ts";
import type { ShowSeat } from "../live/seat-view.ts";

export type ShowSeats = { layoutHash: string; seats: ShowSeat[] };

/** Every seat of a show in layout order, as a buyer may see it. Throws SHOW_NOT_FOUND. */
export function createReadSeats(views: SeatViews) {
  return async (showId: string): Promise<ShowSeats> => {
    const { view } = await views.read(showId);
    return { layoutHash: view.layoutHash, seats: view.seats() };
  };
}
