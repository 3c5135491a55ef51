import { showIds } from "../domain/ids.ts";
import type { House } from "./house.ts";

/**
 * Looks at each show once, so that no order is the first that the API hears of its show: that one reads the show, its layout and its
 * seats. Once for a house.
 */
export function warmShows(house: Pick<House, "api" | "once" | "report" | "shows">): Promise<void> {
  return house.once("warm shows", async () => {
    house.report(`looking at ${house.shows.length} shows`);
    for (const show of house.shows) {
      await house.api.call({ path: `/v1/shows/${showIds.encode(show)}/seats?format=bitmap` });
    }
    return { made: undefined };
  });
}
