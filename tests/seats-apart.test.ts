import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";

import { getSeatStatuses } from "../adapters/postgres/catalogue.ts";
import { holdSeats } from "../adapters/postgres/holds.ts";
import { findBestSeats } from "../domain/find-best-seats.ts";
import type { SeatNews } from "../domain/seat-news.ts";
import { readSeating } from "../domain/read-seating.ts";
import { nearSeats } from "../domain/seats-apart.ts";
import { createDatabase } from "./databases.ts";
import type { TestDatabase } from "./databases.ts";
import { findTooClose, keepApart, plantChannel } from "./plant-seat-rules.ts";
import { plantShow } from "./plant-show.ts";
import { layoutOf, pricesOf, sectionOf } from "./seat-halls.ts";
import { seedOf } from "./seed.ts";

// The rule of the distance is in two places: best-available offers by it, and the hold statement refuses by it.

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const layout = layoutOf(
  sectionOf({
    rows: [
      {
        ...{ rows: "A-C", skip: [], seats: 9, growBy: 1, firstNumber: 1, aislesAfter: [5] },
        ...{ gapBefore: 0, priceCode: "STD" },
      },
    ],
  }),
);
const seating = readSeating(layout);
const prices = pricesOf({ STD: 1_000 });

async function plantHall(apart: number): Promise<string> {
  const showId = await plantShow(database.pool, { seats: 1 });
  await database.pool.query(
    `with hall as (
       insert into layouts (layout_hash, content, seat_count) values ('apart', $2, $3) on conflict do nothing
     ), seats as (
       insert into show_seats (show_id, seat_id, price_code) select $1, unnest($4::text[]), 'STD' on conflict do nothing
     )
     update shows set layout_hash = 'apart' where show_id = $1`,
    [showId, JSON.stringify(layout), layout.seats.length, layout.seats.map(({ id }) => id)],
  );
  await keepApart(database.pool, showId, apart);
  return showId;
}

async function hold(showId: string, seatIds: string[]) {
  return holdSeats(database.pool, {
    ...{ bookingId: randomUUID(), userId: randomUUID(), showId, seatIds, requestHash: "hash" },
    ...{ holdSeconds: 600, graceSeconds: 120, deadlineMs: 0 },
  });
}

/** What somebody chooses by hand, and what must become of it. */
function chosen(rows: SeatNews[], seatIds: string[], apart: number) {
  const taken = rows.filter(({ status }) => status === "held").map(({ seatId }) => seatId);
  const closed = new Set([...taken, ...nearSeats(seating, taken, apart), "B3", "B4"]);
  return { seatIds, outcome: seatIds.some((seatId) => closed.has(seatId)) ? "refused" : "held" };
}

/** What best-available offers, if anything. */
function offered(rows: SeatNews[], party: { quantity: number }, apart: number) {
  const known = new Map(rows.map((row) => [row.seatId, row]));
  const seats = layout.seats.map(({ id, priceCode }) => {
    const { status = "blocked", channel } = known.get(id) ?? {};
    return { priceCode, status: channel ? ("blocked" as const) : status };
  });
  const wish = { ...party, priceCodes: [], sectionIds: [], accessible: 0, companions: 0 };
  const best = findBestSeats({ seating, seats, prices, wish, distanceSeats: apart });
  if (best.outcome === "none") return undefined;
  return { seatIds: best.blocks.flatMap((block) => block.seatIds), outcome: "held" };
}

const wishes = fc.array(
  fc.oneof(
    fc.record({ quantity: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ seatIds: fc.subarray(layout.seats.map(({ id }) => id), { minLength: 1, maxLength: 3 }) }), // prettier-ignore
  ),
  { minLength: 6, maxLength: 14 },
);

test("what best-available offers the hold accepts, and what is chosen by hand it refuses when it is too near", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 3 }), wishes, async (apart, parties) => {
      const showId = await plantHall(apart);
      await plantChannel(database.pool, showId, { channel: "house", seatIds: ["B3", "B4"] });
      for (const party of parties) {
        const rows = await getSeatStatuses(database.pool, showId);
        const wanted =
          "seatIds" in party ? chosen(rows, party.seatIds, apart) : offered(rows, party, apart);
        if (wanted === undefined) continue;
        const { outcome } = await hold(showId, wanted.seatIds);
        expect({ ...wanted, outcome }).toEqual(wanted);
      }
      expect(await findTooClose(database.pool, showId)).toEqual([]);
    }),
    { numRuns: 60, seed: seedOf("the distance") },
  );
}, 60_000);
