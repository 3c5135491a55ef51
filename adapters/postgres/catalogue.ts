import type { PosterName, ShowDocument } from "../../domain/events.ts";
import type { Layout } from "../../domain/layout.ts";
import type { SeatChannel } from "../../domain/seat-channel.ts";
import type { SeatNews } from "../../domain/seat-news.ts";
import { findShows } from "./find-shows.ts";
import type { Queryable } from "./pool.ts";
import { titlePosterColumn } from "./posters.ts";

export type StoredTitle = {
  titleId: string;
  name: string;
  kind: "film" | "concert" | "theatre" | "comedy" | "sport";
  genre: string;
  language: string;
  people: string[];
  synopsis: string;
  durationMinutes: number;
  ageRating: string;
  poster: PosterName | null;
};

export type StoredVenue = {
  venueId: string;
  name: string;
  city: string;
  country: string;
  timeZone: string;
  address: string;
  latitude: number;
  longitude: number;
};

export type StoredShow = {
  showId: string;
  title: StoredTitle;
  venue: StoredVenue;
  hall: { hallId: string; name: string };
  layoutHash: string;
  seatCount: number;
  format: string;
  startsAtMs: number;
  /** On the venue's own calendar and clock: YYYY-MM-DD and HH:MM. */
  localDate: string;
  localTime: string;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
  status: "scheduled" | "cancelled";
  currency: string;
  seatsPerBuyerMax: number;
  /** Whether late money may buy equal seats when the own ones are gone. */
  lateSwapAllowed: boolean;
  /** Until when buyers may give tickets back by themselves; null: not at all. */
  refundableUntilMs: number | null;
  version: number;
  /** How many seats of a row stay empty between two bookings. */
  seatsApart: number;
  /** In the order of their keys. Hashes of codes are for nobody outside. */
  channels: SeatChannel[];
  /** In the order of their codes. A seat costs amount and fee together. */
  prices: { priceCode: string; name: string; amountMinor: number; feeMinor: number }[];
};

/** Everything about a show but its seats, in one round trip. */
export async function getShow(db: Queryable, showId: string): Promise<StoredShow | undefined> {
  const { rows } = await db.query<StoredShow>(
    `select show.show_id as "showId", ${titleObject} as title, ${venueObject} as venue,
       jsonb_build_object('hallId', hall.hall_id, 'name', hall.name) as hall,
       show.layout_hash as "layoutHash", layout.seat_count as "seatCount", show.format,
       floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
       to_char(show.starts_at at time zone venue.time_zone, 'YYYY-MM-DD') as "localDate",
       to_char(show.starts_at at time zone venue.time_zone, 'HH24:MI') as "localTime",
       floor(extract(epoch from show.sales_open_at) * 1000)::float8 as "salesOpenAtMs",
       floor(extract(epoch from show.sales_close_at) * 1000)::float8 as "salesCloseAtMs",
       show.status, show.currency, show.seats_per_buyer_max as "seatsPerBuyerMax",
       show.late_swap_allowed as "lateSwapAllowed",
       floor(extract(epoch from show.refundable_until) * 1000)::float8 as "refundableUntilMs", show.version::float8 as version,
       show.seats_apart as "seatsApart",
       (select coalesce(jsonb_agg(jsonb_build_object('channel', channel, 'name', name, 'codeHash', code_hash,
            'opensAtMs', floor(extract(epoch from opens_at) * 1000), 'closesAtMs', floor(extract(epoch from closes_at) * 1000))
            order by channel), '[]')
          from show_channels where show_id = $1) as channels,
       (select coalesce(jsonb_agg(jsonb_build_object('priceCode', price_code, 'name', name,
            'amountMinor', amount_minor, 'feeMinor', fee_minor) order by price_code), '[]')
          from show_prices where show_id = $1) as prices
     from shows show
     join titles title on title.title_id = show.title_id
     join halls hall on hall.hall_id = show.hall_id
     join venues venue on venue.venue_id = hall.venue_id
     join layouts layout on layout.layout_hash = show.layout_hash
     where show.show_id = $1`,
    [showId],
  );
  return rows[0];
}

/** A layout never changes: what was read once may be kept for ever. */
export async function getLayout(db: Queryable, layoutHash: string): Promise<Layout | undefined> {
  const { rows } = await db.query<{ content: Layout }>(
    "select content from layouts where layout_hash = $1",
    [layoutHash],
  );
  return rows[0]?.content;
}

/** The areas of a layout, without the seats, which an arena has megabytes of. */
export async function listAreas(
  db: Queryable,
  layoutHash: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ areas: { id: string; name: string }[] | null }>(
    "select content -> 'areas' as areas from layouts where layout_hash = $1",
    [layoutHash],
  );
  return rows[0]?.areas ?? [];
}

/** Sections and areas of a layout with these seats alone: an arena has megabytes of others. */
export async function getLayoutSeats(
  db: Queryable,
  layoutHash: string,
  seatIds: string[],
): Promise<Pick<Layout, "sections" | "areas" | "seats"> | undefined> {
  const { rows } = await db.query<Pick<Layout, "sections" | "areas" | "seats">>(
    `select content -> 'sections' as sections, coalesce(content -> 'areas', '[]') as areas,
       (select coalesce(jsonb_agg(seat), '[]') from jsonb_array_elements(content -> 'seats') as seats (seat)
          where seat ->> 'id' = any($2)) as seats
     from layouts where layout_hash = $1`,
    [layoutHash, seatIds],
  );
  return rows[0];
}

/** Every seat of a show in seat id order; none if there is no such show. */
export async function getSeatStatuses(db: Queryable, showId: string): Promise<SeatNews[]> {
  const { rows } = await db.query<SeatNews>({
    name: "seat_statuses",
    text: `select seat_id as "seatId", status, version,
       floor(extract(epoch from held_until) * 1000)::float8 as "heldUntilMs", channel
     from show_seats
     where show_id = $1
     order by seat_id`,
    values: [showId],
  });
  return rows;
}

// A page of a title or venue shows no more; search has cursors.
const upcomingMax = 200;

/** A title with its coming shows, soonest first. */
export async function getTitle(
  db: Queryable,
  titleId: string,
): Promise<(StoredTitle & { shows: ShowDocument[] }) | undefined> {
  const { rows } = await db.query<{ title: StoredTitle }>(
    `select ${titleObject} as title from titles title where title.title_id = $1`,
    [titleId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { shows } = await findShows(db, { titleId, limit: upcomingMax });
  return { ...row.title, shows };
}

/** A venue with its halls and coming shows, soonest first. */
export async function getVenue(
  db: Queryable,
  venueId: string,
): Promise<
  | (StoredVenue & {
      halls: { hallId: string; name: string; layoutHash: string }[];
      shows: ShowDocument[];
    })
  | undefined
> {
  const { rows } = await db.query<{
    venue: StoredVenue;
    halls: { hallId: string; name: string; layoutHash: string }[];
  }>(
    `select ${venueObject} as venue,
       (select coalesce(jsonb_agg(jsonb_build_object('hallId', hall_id, 'name', name, 'layoutHash', layout_hash)
            order by name), '[]')
          from halls where venue_id = $1) as halls
     from venues venue where venue.venue_id = $1`,
    [venueId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { shows } = await findShows(db, { venueId, limit: upcomingMax });
  return { ...row.venue, halls: row.halls, shows };
}

const titleObject = `jsonb_build_object('titleId', title.title_id, 'name', title.name, 'kind', title.kind,
  'genre', title.genre, 'language', title.language, 'people', title.people, 'synopsis', title.synopsis,
  'durationMinutes', title.duration_minutes, 'ageRating', title.age_rating,
  'poster', ${titlePosterColumn})`;

const venueObject = `jsonb_build_object('venueId', venue.venue_id, 'name', venue.name, 'city', venue.city,
  'country', venue.country, 'timeZone', venue.time_zone, 'address', venue.address,
  'latitude', venue.latitude, 'longitude', venue.longitude)`;
