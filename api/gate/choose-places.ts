import type { WantedPlaces } from "../../domain/hold.ts";
import type { SeatViews } from "../live/seat-views.ts";

/** So many places of an area, whichever they are. */
export type PlaceWish = { area: string; quantity: number };

/** `isEvery`: the candidates are all places of the area that seemed to be free. */
export type ChosenPlaces = WantedPlaces & { isEvery: boolean };

/**
 * Places that seem to be free now, at random, so that buyers who come at the same moment do not ask for the same ones; and some to
 * spare, because this process hears of others' holds a little late.
 */
export async function choosePlaces(
  seatViews: Pick<SeatViews, "read">,
  {
    showId,
    places,
    channel,
  }: { showId: string; places: PlaceWish[]; channel?: string | undefined },
): Promise<ChosenPlaces[]> {
  if (places.length === 0) return [];
  const { view } = await seatViews.read(showId, channel);
  return places.map(({ area, quantity }) => {
    const candidates = view.areas.get(area)?.pick(quantity + spare) ?? [];
    return { area, quantity, candidates, isEvery: candidates.length < quantity + spare };
  });
}

const spare = 16;
