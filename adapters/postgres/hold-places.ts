import type { HoldOutcome, HoldRequest } from "../../domain/hold.ts";
import type { TellSeats } from "../../domain/seat-news.ts";
import { callWithNews } from "./call-with-news.ts";
import type { Queryable } from "./pool.ts";

/**
 * Holds places of areas, and seats beside them, in one round trip (`hold_places` in schema.sql). Only where an area seems to be full while other
 * orders are on their way it takes a second one, which waits for them: who is refused then is refused rightly.
 */
export async function holdPlaces(
  db: Queryable,
  request: HoldRequest & { holdSeconds: number; graceSeconds: number },
  tell?: TellSeats,
): Promise<HoldOutcome> {
  const hold = (waits: boolean) =>
    callWithNews<HoldOutcome | { outcome: "contended" }>(
      db,
      {
        name: "hold_places",
        text: "select hold_places_with_news($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) as told",
        values: [
          request.showId,
          request.bookingId,
          request.userId,
          request.seatIds,
          JSON.stringify(request.places ?? []),
          waits,
          request.requestHash,
          request.holdSeconds,
          request.graceSeconds,
          request.expectedTotalMinor ?? null,
          request.promoCode ?? null,
          request.channel ?? null,
        ],
      },
      tell,
    );
  let held = await hold(false);
  if (held.outcome === "contended") held = await hold(true);
  if (held.outcome === "contended") throw new Error("Who has waited is never contended");
  return held;
}
