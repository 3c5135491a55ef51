import { publishShows } from "../../adapters/postgres/publish-shows.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";

/**
 * A catalogue of many shows of one seat: two thousand titles in four hundred halls, with names of several words, people and a
 * synopsis, so that documents are as long as real ones. Their events are in the outbox. Belongs into one transaction: the indexer counts the
 * seats of shows that it sees. Returns the ids.
 */
export async function plantCatalogue(db: Queryable, count: number): Promise<string[]> {
  for (const statement of statements) await db.query(statement);
  const { rows } = await db.query<{ showId: string }>(
    `insert into shows (show_id, title_id, hall_id, layout_hash, format, starts_at, sales_open_at, sales_close_at, currency)
     select gen_random_uuid(), title.title_id, hall.hall_id, 'one-seat', (array['2D', '3D', 'IMAX'])[1 + number % 3],
         now() + number % 5000 * interval '10 minutes' + interval '1 day', now(), now() + interval '90 days', 'EUR'
       from generate_series(1, $1) as number
       join (select title_id, row_number() over (order by title_id) as nth from titles) title on title.nth = 1 + number % 2000
       join (select hall_id, row_number() over (order by hall_id) as nth from halls) hall on hall.nth = 1 + number % 400
     returning show_id as "showId"`,
    [count],
  );
  await db.query(
    "insert into show_prices (show_id, price_code, name, amount_minor, fee_minor) select show_id, 'STD', 'Standard', 1200, 100 from shows",
  );
  await db.query(
    "insert into show_seats (show_id, seat_id, price_code) select show_id, 'A1', 'STD' from shows",
  );
  await db.query("analyze");
  const showIds = rows.map(({ showId }) => showId);
  await publishShows(db, showIds);
  return showIds;
}

const words = `array['Night','Amélie','River','Golden','Silent','Matrix','Winter','Garden','Último','Königin','Harbour','Paper','Moon',
  'Copper','Wild','Orchid','Thunder','Velvet','Lantern','Ocean']`;
const wordOf = (divisor: number) => `(${words})[1 + number / ${divisor} % 20]`;

const statements = [
  "insert into organisers (organiser_id, name) values (gen_random_uuid(), 'Bench')",
  `insert into venues (venue_id, organiser_id, name, city, country, time_zone, address, latitude, longitude)
   select gen_random_uuid(), organiser_id, 'Venue ' || number, (array['London', 'Paris', 'Zürich', 'Oslo', 'Mumbai'])[1 + number % 5],
       'GB', 'Europe/London', number || ' Street', 40 + number % 20, number % 30
     from organisers, generate_series(1, 200) as number`,
  `insert into layouts (layout_hash, content, seat_count) values ('one-seat', '{}', 1)`,
  `insert into halls (hall_id, venue_id, name, layout_hash)
   select gen_random_uuid(), venue_id, 'Hall ' || number, 'one-seat' from venues, generate_series(1, 2) as number`,
  `insert into titles (title_id, organiser_id, name, kind, genre, language, people, synopsis, duration_minutes)
   select gen_random_uuid(), organiser_id, ${wordOf(1)} || ' ' || ${wordOf(20)} || ' ' || number, 'film',
       (array['drama', 'comedy', 'opera', 'thriller'])[1 + number % 4], (array['en', 'fr', 'de'])[1 + number % 3],
       array[${wordOf(3)} || ' Reeves', ${wordOf(7)} || ' Tautou'], repeat(${wordOf(5)} || ' meets ' || ${wordOf(11)} || '. ', 12), 110
     from organisers, generate_series(1, 2000) as number`,
];
