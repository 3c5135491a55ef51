import type { Queryable } from "../adapters/postgres/pool.ts";
import { showIds } from "../domain/ids.ts";
import type { Layout, LayoutSeat } from "../domain/layout.ts";
import { nameTitle, plantShow } from "./plant-show.ts";

const tenSections = Array.from({ length: 10 }, (_, index) => index);
const fiftyRows = Array.from({ length: 50 }, (_, index) => String(index + 1));

/**
 * A hall like those that people know: stalls in two prices, a balcony, two places for wheelchairs with companions' seats, and a
 * standing floor.
 */
export const theatre: Layout = {
  name: "Theatre",
  width: 20,
  height: 26,
  stage: { label: "Stage", x: 4, y: 1, width: 12, height: 2.5 },
  sections: [
    { id: "STALLS", name: "Stalls" },
    { id: "BALCONY", name: "Balcony" },
  ],
  seats: [
    ...block({ section: "STALLS", rows: "ABCDEFGH", seats: 14, x: 3, y: 12 }).map(markStalls),
    ...block({ section: "BALCONY", rows: "KLM", seats: 18, x: 1, y: 22 }),
  ],
  areas: [
    {
      ...{ id: "FLOOR", name: "Standing floor", capacity: 40, priceCode: "STAND" },
      outline: [
        { x: 3, y: 5 },
        { x: 17, y: 5 },
        { x: 17, y: 9.5 },
        { x: 3, y: 9.5 },
      ],
    },
  ],
};

function markStalls(seat: LayoutSeat): LayoutSeat {
  if (seat.row !== "H") return { ...seat, priceCode: seat.row < "C" ? "TOP" : "STD" };
  if (seat.number === 1 || seat.number === 13) return { ...seat, accessible: true };
  return seat.number === 2 || seat.number === 14 ? { ...seat, companion: true } : seat;
}

/** Returns the show's public id. */
export function plantTheatre(db: Queryable): Promise<string> {
  return plantHall(db, theatre);
}

/** 20,000 seats in ten sections of fifty rows, one price. */
export const arena: Layout = {
  name: "Arena",
  width: 220,
  height: 120,
  stage: { label: "Stage", x: 85, y: 1, width: 50, height: 8 },
  sections: tenSections.map((index) => ({ id: `S${index + 1}`, name: `Section ${index + 1}` })),
  seats: tenSections.flatMap((index) =>
    block({
      ...{ section: `S${index + 1}`, rows: fiftyRows, seats: 40, prefix: `${index + 1}-` },
      ...{ x: (index % 5) * 44 + 2, y: index < 5 ? 14 : 68 },
    }),
  ),
};

/** Returns the show's public id. */
export function plantArena(db: Queryable): Promise<string> {
  return plantHall(db, arena);
}

function block(plan: {
  section: string;
  rows: Iterable<string>;
  seats: number;
  x: number;
  y: number;
  prefix?: string;
}): LayoutSeat[] {
  const { section, rows, seats, x, y, prefix = "" } = plan;
  return [...rows].flatMap((row, depth) =>
    Array.from({ length: seats }, (_, index) => ({
      id: `${prefix}${row}${prefix === "" ? "" : "-"}${index + 1}`,
      ...{ section, row, number: index + 1, x: x + index + 0.5, y: y + depth + 0.5 },
      priceCode: "STD",
    })),
  );
}

async function plantHall(db: Queryable, layout: Layout): Promise<string> {
  const showId = await plantShow(db, { layout });
  await db.query(
    `insert into show_prices (show_id, price_code, name, amount_minor, fee_minor)
     values ($1, 'TOP', 'Front rows', 4500, 300), ($1, 'STAND', 'Standing', 500, 50)
     on conflict do nothing`,
    [showId],
  );
  // So that pages tell one hall's show from another's.
  await nameTitle(db, showId, `Night in the ${layout.name}`);
  return showIds.encode(showId);
}
