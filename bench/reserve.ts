import { randomUUID } from "node:crypto";

import { showIds } from "../domain/ids.ts";
import type { HttpAnswer } from "./http-caller.ts";
import type { House } from "./house.ts";

/** One buyer's reserve as a client app sends it. `showId` is a plain UUID. */
export function sendReserve(
  { api, buyers }: Pick<House, "api" | "buyers">,
  { showId, seatIds }: { showId: string; seatIds: string[] },
): Promise<HttpAnswer> {
  const buyer = buyers[Math.floor(Math.random() * buyers.length)];
  if (buyer === undefined) throw new Error("Nobody is signed in");
  return api.call({
    method: "POST",
    path: "/v1/bookings/reserve",
    headers: { authorization: buyer.authorization, "idempotency-key": randomUUID() },
    body: JSON.stringify({ showId: showIds.encode(showId), seatIds, userId: buyer.userId }),
  });
}

/** Two free seats of the next show. */
export async function reserveNext(house: House): Promise<boolean> {
  return (await sendReserve(house, house.seats.next())).status === 201;
}
