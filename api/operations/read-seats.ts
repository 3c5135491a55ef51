import type { SeatViews } from "../live/seat-views.ts";
import type { ShowSeat } from "../live/seat-face.ts";

export type ShowSeats = { layoutHash: string; seats: ShowSeat[] };

/** Every seat of a show in layout order, as a buyer may see it who comes through the channel, if any. Throws SHOW_NOT_FOUND. */
export function createReadSeats(views: SeatViews) {
  return async (showId: string, channel?: string): Promise<ShowSeats> => {
    const { view } = await views.read(showId, channel);
    return { layoutHash: view.layoutHash, seats: view.seats() };
  };
}
