import { showIds } from "../../domain/ids.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { countResult } from "../goal.ts";
import type { Goal } from "../goal.ts";

/** What a client reads to see which seats are free; the drawing of the hall is cached apart. */
export const seatMapBytes: Goal = async (house) => {
  const results = [];
  for (const seats of [500, 5_000, 100_000]) {
    house.report(`P9: a show of ${seats} seats`);
    const showId = await plantShow(house.system.database.pool, { seats });
    const path = `/v1/shows/${showIds.encode(showId)}/seats?format=bitmap`;
    const { status, bytes } = await house.api.call({ path });
    if (status !== 200) throw new Error(`The seat map was answered ${status}`);
    const limit = Math.floor(seats * 0.35) + 1_000;
    const named = {
      goal: "P9",
      what: `body of a seat map, ${seats.toLocaleString("en")} seats`,
      how: "bitmap, two bits a seat",
    };
    results.push(countResult(named, { atMost: [limit, limit] }, { count: bytes, unit: "bytes" }));
  }
  return results;
};
