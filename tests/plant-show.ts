import { randomUUID } from "node:crypto";

import type { Queryable } from "../adapters/postgres/pool.ts";
import type { Layout, LayoutArea } from "../domain/layout.ts";
import { listShowSeats } from "../domain/places.ts";

/**
 * Puts one show on sale, with seats A1…A<seats> at 10.00 GBP and 1.00 GBP fee each, `places` of the area FLOOR at 5.00 GBP and
 * 0.50 GBP, and the venue around it. Returns its id.
 */
export async function plantShow(
  db: Queryable,
  {
    places = 0,
    seats = places > 0 ? 0 : 10,
    layout = hallOf(seats, places),
    seatsPerBuyerMax = 10,
    showId = randomUUID(),
  }: PlantWishes = {},
): Promise<string> {
  const [organiserId, venueId, hallId, titleId] = Array.from({ length: 4 }, randomUUID);
  const size = places > 0 ? `${seats}-${places}` : String(seats);
  const layoutHash = `test-${layout.name === hallName ? size : layout.name}`;
  const planted = listShowSeats(layout);
  await db.query("insert into organisers (organiser_id, name) values ($1, 'Test organiser')", [
    organiserId,
  ]);
  await db.query(
    `insert into venues (venue_id, organiser_id, name, city, country, time_zone, address, latitude, longitude)
     values ($1, $2, 'Test venue', 'London', 'GB', 'Europe/London', '1 Test Street', 51.5, -0.1)`,
    [venueId, organiserId],
  );
  await db.query(
    "insert into layouts (layout_hash, content, seat_count) values ($1, $2, $3) on conflict do nothing",
    [layoutHash, JSON.stringify(layout), planted.length],
  );
  await db.query(
    "insert into halls (hall_id, venue_id, name, layout_hash) values ($1, $2, 'Hall 1', $3)",
    [hallId, venueId, layoutHash],
  );
  await db.query(
    `insert into titles (title_id, organiser_id, name, kind, genre, language, duration_minutes)
     values ($1, $2, 'Test title', 'film', 'drama', 'en', 90)`,
    [titleId, organiserId],
  );
  await db.query(
    `insert into shows (show_id, title_id, hall_id, layout_hash, starts_at, sales_open_at, sales_close_at, currency,
       seats_per_buyer_max)
     values ($1, $2, $3, $4, now() + interval '7 days', now() - interval '1 day', now() + interval '6 days', 'GBP', $5)`,
    [showId, titleId, hallId, layoutHash, seatsPerBuyerMax],
  );
  await db.query(
    `insert into show_prices (show_id, price_code, name, amount_minor, fee_minor)
     select $1, code, name, amount, fee
       from (values ('STD', 'Standard', 1000, 100), ('STAND', 'Standing', 500, 50)) as price (code, name, amount, fee)
       where code = 'STD' or $2`,
    [showId, places > 0],
  );
  await db.query(
    `insert into show_seats (show_id, seat_id, price_code)
     select $1, seat_id, price_code from unnest($2::text[], $3::text[]) as seat (seat_id, price_code)`,
    [showId, planted.map(({ id }) => id), planted.map(({ priceCode }) => priceCode)],
  );
  return showId;
}

type PlantWishes = {
  seats?: number;
  places?: number;
  /** In place of that hall. */
  layout?: Layout;
  seatsPerBuyerMax?: number;
  showId?: string;
};

const hallName = "Test hall";

function hallOf(seats: number, places: number): Layout {
  return {
    name: hallName,
    width: seats,
    height: 2,
    stage: { label: "Stage", x: 0, y: 0, width: seats, height: 1 },
    sections: [{ id: "S", name: "Stalls" }],
    seats: Array.from({ length: seats }, (_, index) => ({
      id: `A${index + 1}`,
      section: "S",
      row: "A",
      number: index + 1,
      x: index,
      y: 1,
      priceCode: "STD",
    })),
    ...(places > 0 && { areas: [floorOf(places)] }),
  };
}

function floorOf(capacity: number): LayoutArea {
  const outline = [
    { x: 0, y: 2 },
    { x: 10, y: 2 },
    { x: 10, y: 9 },
    { x: 0, y: 9 },
  ];
  return { id: "FLOOR", name: "Standing floor", capacity, priceCode: "STAND", outline };
}

/** Puts another show like this one on sale, in one statement: for tests that want thousands. Returns its id. */
export async function plantShowLike(db: Queryable, showId: string): Promise<string> {
  const newId = randomUUID();
  await db.query({
    name: "plant_show_like",
    text: `with planted as (
        insert into shows (show_id, title_id, hall_id, layout_hash, starts_at, sales_open_at, sales_close_at, currency,
          seats_per_buyer_max)
        select $2, title_id, hall_id, layout_hash, starts_at, sales_open_at, sales_close_at, currency, seats_per_buyer_max
          from shows where show_id = $1
        returning show_id
      ), prices as (
        insert into show_prices (show_id, price_code, name, amount_minor, fee_minor)
        select planted.show_id, price_code, name, amount_minor, fee_minor
          from show_prices price, planted where price.show_id = $1
      )
      insert into show_seats (show_id, seat_id, price_code)
      select planted.show_id, seat_id, price_code from show_seats seat, planted where seat.show_id = $1`,
    values: [showId, newId],
  });
  return newId;
}

/** Calls the title of a show otherwise. */
export async function nameTitle(db: Queryable, showId: string, name: string): Promise<void> {
  await db.query(
    "update titles set name = $2 where title_id = (select title_id from shows where show_id = $1)",
    [showId, name],
  );
}
