import type { BookingStatus } from "../../domain/booking.ts";
import type { Queryable } from "./pool.ts";
import { returnTerms } from "./show-reschedules.ts";

export type UserBooking = { userId: string; bookingId: string; showId: string };

/** Brings the copy to where events say it is. The same changes again, or once more from an earlier one on, end in the same rows. */
export async function changeUserBookings(
  db: Queryable,
  changes: { kept: UserBooking[]; gone: UserBooking[] },
): Promise<void> {
  const { kept, gone } = changes;
  if (kept.length > 0) {
    const { rows: starts } = await db.query<{ showId: string; startsAt: Date }>(
      `select show_id as "showId", starts_at as "startsAt" from shows where show_id = any($1)`,
      [[...new Set(kept.map(({ showId }) => showId))]],
    );
    const startOf = new Map(starts.map(({ showId, startsAt }) => [showId, startsAt]));
    // A show that is gone has taken its bookings along.
    const there = kept.filter(({ showId }) => startOf.has(showId));
    await db.query(
      `insert into user_bookings (user_id, booking_id, show_id, starts_at)
       select user_id, booking_id, show_id, starts_at
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) as kept (user_id, booking_id, show_id, starts_at)
       on conflict (user_id, booking_id) do update set starts_at = excluded.starts_at`,
      [
        ...[there.map(({ userId }) => userId), there.map(({ bookingId }) => bookingId)],
        ...[there.map(({ showId }) => showId), there.map(({ showId }) => startOf.get(showId))],
      ],
    );
  }
  if (gone.length > 0) {
    await db.query(
      `delete from user_bookings own using unnest($1::uuid[], $2::uuid[]) as gone (user_id, booking_id)
       where own.user_id = gone.user_id and own.booking_id = gone.booking_id`,
      [gone.map(({ userId }) => userId), gone.map(({ bookingId }) => bookingId)],
    );
  }
}

/** A booking as a list shows it. Sums are in minor units. */
export type ListedBooking = {
  bookingId: string;
  showId: string;
  status: BookingStatus;
  seatCount: number;
  totalMinor: number;
  currency: string;
  heldUntilMs: number;
  createdAtMs: number;
  liveTickets: number;
  refundedMinor: number;
  /** Whether its buyer may give tickets back now. */
  isReturnable: boolean;
};

/** Tickets of somebody else's booking that this person was handed. */
export type ReceivedTickets = { bookingId: string; showId: string; ticketIds: string[] };

/** A place in a list, whether or not its booking is still there. The start is in microseconds, as exact as PostgreSQL keeps it. */
export type BookingPlace = { startsAtMicros: string; bookingId: string };

export type BookingListing = {
  userId: string;
  /** Upcoming: soonest first. Past: latest first. A show counts as upcoming for three hours after its start. */
  when: "upcoming" | "past";
  /** Where the page before ended. */
  after?: BookingPlace | undefined;
  limit: number;
};

type ListedBookings = {
  bookings: ListedBooking[];
  received: ReceivedTickets[];
  /** Where the list goes on. undefined: it ends here. */
  next: BookingPlace | undefined;
};

/**
 * A page of somebody's bookings, and of what they were handed of others', as many seconds behind as events are: the statements after
 * the first go to the shows' own shards, and show what is theirs by the rows there. Where a page would be
 * empty, because its tickets have moved on, about a thousand further places are looked at.
 */
export async function listUserBookings(
  db: Queryable,
  listing: BookingListing,
): Promise<ListedBookings> {
  let page = await lookAt(db, listing, listing.limit);
  for (let looks = 0; looks < widerLooksMax; looks += 1) {
    if (page.next === undefined || !isEmpty(page)) break;
    page = await lookAt(db, { ...listing, after: page.next }, widerPlaces);
  }
  return page;
}

const widerPlaces = 250;
const widerLooksMax = 4;

function isEmpty({ bookings, received }: ListedBookings): boolean {
  return bookings.length + received.length === 0;
}

/** What the next `places` of a list hold, up to its `limit`. */
async function lookAt(
  db: Queryable,
  { userId, when, after, limit }: BookingListing,
  places: number,
): Promise<ListedBookings> {
  // One more than is looked at says whether there are more.
  const { rows } = await db.query<BookingPlace & { showId: string }>(pageOf[when], [
    ...[userId, after?.startsAtMicros ?? null, after?.bookingId ?? null],
    places + 1,
  ]);
  const keys = rows.slice(0, places);
  const bookings = await findOwnBookings(db, userId, keys);
  const own = new Set(bookings.map(({ bookingId }) => bookingId));
  const others = keys.filter(({ bookingId }) => !own.has(bookingId));
  const received = await findReceived(db, userId, others);

  const found = new Set([...bookings, ...received].map(({ bookingId }) => bookingId));
  const shown = keys.filter(({ bookingId }) => found.has(bookingId)).slice(0, limit);
  const last = shown.length === limit ? shown.at(-1) : keys.at(-1);
  return {
    bookings: inOrderOf(shown, bookings),
    received: inOrderOf(shown, received),
    next: last === rows.at(-1) ? undefined : last,
  };
}

async function findOwnBookings(
  db: Queryable,
  userId: string,
  keys: { bookingId: string; showId: string }[],
): Promise<ListedBooking[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<ListedBooking>(
    `select booking.booking_id as "bookingId", booking.show_id as "showId", booking.status,
       booking.seat_count as "seatCount", booking.total_minor::float8 as "totalMinor", booking.currency,
       floor(extract(epoch from booking.held_until) * 1000)::float8 as "heldUntilMs",
       floor(extract(epoch from booking.created_at) * 1000)::float8 as "createdAtMs",
       (select count(*)::int from tickets ticket where ticket.show_id = booking.show_id
          and ticket.booking_id = booking.booking_id and ticket.status = 'live') as "liveTickets",
       (select coalesce(sum(refund.amount_minor), 0)::float8 from refunds refund
          where refund.show_id = booking.show_id and refund.booking_id = booking.booking_id) as "refundedMinor",
       ${returnTerms} <> 'none' as "isReturnable"
     from bookings booking
     join shows show on show.show_id = booking.show_id
     where booking.show_id = any($1) and booking.booking_id = any($2) and booking.user_id = $3`,
    [keys.map(({ showId }) => showId), keys.map(({ bookingId }) => bookingId), userId],
  );
  return inOrderOf(keys, rows);
}

async function findReceived(
  db: Queryable,
  userId: string,
  keys: { bookingId: string; showId: string }[],
): Promise<ReceivedTickets[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<ReceivedTickets>(
    `select booking_id as "bookingId", show_id as "showId", array_agg(ticket_id::text order by seat_id) as "ticketIds"
     from tickets
     where show_id = any($1) and booking_id = any($2) and user_id = $3 and status = 'live'
     group by show_id, booking_id`,
    [keys.map(({ showId }) => showId), keys.map(({ bookingId }) => bookingId), userId],
  );
  return inOrderOf(keys, rows);
}

function inOrderOf<Row extends { bookingId: string }>(
  keys: readonly { bookingId: string }[],
  rows: readonly Row[],
): Row[] {
  const found = new Map(rows.map((row) => [row.bookingId, row]));
  return keys.flatMap(({ bookingId }) => found.get(bookingId) ?? []);
}

const placesOf = `select booking_id as "bookingId", show_id as "showId",
      (extract(epoch from starts_at) * 1000000)::bigint::text as "startsAtMicros"
    from user_bookings`;
const nextOf = (order: "<" | ">") =>
  `($2::bigint is null or
     (starts_at, booking_id) ${order} (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))`;

const pageOf = {
  upcoming: `
    ${placesOf}
    where user_id = $1 and starts_at > now() - interval '3 hours' and ${nextOf(">")}
    order by starts_at, booking_id limit $4`,
  past: `
    ${placesOf}
    where user_id = $1 and starts_at <= now() - interval '3 hours' and ${nextOf("<")}
    order by starts_at desc, booking_id desc limit $4`,
};
