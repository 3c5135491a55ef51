import { createHash, randomUUID } from "node:crypto";

import { createLineSlips } from "../api/line/line-slips.ts";
import { showIds } from "../domain/ids.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSlips } from "../platform/slips.ts";
import { eventually } from "../tests/eventually.ts";
import { plantLine } from "../tests/plant-line.ts";
import { plantShow } from "../tests/plant-show.ts";
import type { HttpCall } from "./http-caller.ts";
import type { House } from "./house.ts";
import { createSeatSupply } from "./seat-supply.ts";

export type HotShow = {
  /** Two free seats, by somebody who was called and has a pass. */
  reserveInside(): Promise<boolean>;
  /** What those do who are outside: orders without a pass, and questions about the line. */
  outside: HttpCall[];
};

/** More than any run can sell: at a quarter of 80 a second five pairs of 12 s a side hold 4,800. */
const seats = 10_000;

/** A show with a line in front. */
export async function plantHotShow(house: House): Promise<HotShow> {
  const { api, buyers, system } = house;
  const { pool } = system.database;
  const showId = await plantShow(pool, { seats, seatsPerBuyerMax: seats });
  await plantLine(pool, showId);
  const path = `/v1/shows/${showIds.encode(showId)}/line`;
  await eventually(async () => (await api.call({ path })).status === 200);
  const supply = createSeatSupply([showId], seats);
  const passes = buyers.map((buyer, index) => signPass(showId, buyer, index + 1));
  let turn = 0;
  return {
    async reserveInside() {
      turn = (turn + 1) % buyers.length;
      const order = orderOf(buyers[turn], supply.next());
      const headers = { ...order.headers, "line-pass": passes[turn] ?? "" };
      return (await api.call({ ...order, headers })).status === 201;
    },
    outside: await Promise.all(
      buyers.map(async (buyer, index) => {
        if (index % 2 === 0) return orderOf(buyer, { showId, seatIds: ["A1", "A2"] });
        const { authorization } = buyer;
        const joined = await api.call({ method: "POST", path, headers: { authorization } });
        const { place } = JSON.parse(joined.body) as { place: string };
        return { path: `${path}/place`, headers: { "line-place": place } };
      }),
    ),
  };
}

/** An order as a client app sends it. */
export function orderOf(
  buyer: Buyer | undefined,
  { showId, seatIds }: { showId: string; seatIds: string[] },
): HttpCall & { headers: Record<string, string> } {
  const { authorization = "", userId = "" } = buyer ?? {};
  return {
    method: "POST",
    path: "/v1/bookings/reserve",
    headers: { authorization, "idempotency-key": randomUUID(), "device-id": device },
    body: JSON.stringify({ showId: showIds.encode(showId), seatIds, userId }),
  };
}

const device = "bench";

/** As the line signs it for somebody whose turn it is. */
function signPass(showId: string, { userId }: Buyer, number: number): string {
  const digest = createHash("sha256").update(device).digest("base64url").slice(0, 16);
  const now = Date.now();
  return createLineSlips(createSlips(localKeys.PASS_KEY)).signPass({
    ...{ showId, userId, person: userId, entry: number, number, device: digest },
    ...{ sinceMs: now, untilMs: now + 3_600_000 },
  });
}
