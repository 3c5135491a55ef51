import type { ReschedulePlan } from "../../domain/plan-reschedule.ts";
import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Pool, Queryable } from "./pool.ts";
import { withTransaction } from "./pool.ts";
import { publishShows } from "./publish-shows.ts";
import { beforeFirst } from "./show-changes.ts";
import type { BookingPage } from "./show-changes.ts";

export type ShowTimes = {
  status: "scheduled" | "cancelled";
  timeZone: string;
  startsAtMs: number;
  salesOpenAtMs: number;
  salesCloseAtMs: number;
};

export async function findShowTimes(db: Queryable, showId: string): Promise<ShowTimes | undefined> {
  const { rows } = await db.query<ShowTimes>(
    `select show.status, venue.time_zone as "timeZone",
       floor(extract(epoch from show.starts_at) * 1000)::float8 as "startsAtMs",
       floor(extract(epoch from show.sales_open_at) * 1000)::float8 as "salesOpenAtMs",
       floor(extract(epoch from show.sales_close_at) * 1000)::float8 as "salesCloseAtMs"
     from shows show
     join halls hall on hall.hall_id = show.hall_id
     join venues venue on venue.venue_id = hall.venue_id
     where show.show_id = $1`,
    [showId],
  );
  return rows[0];
}

/** The show that has the same hall at the time that this one would take, if there is one. */
export async function findHallClash(
  db: Queryable,
  { showId, startsAtMs }: { showId: string; startsAtMs: number },
): Promise<{ showId: string; localStart: string } | undefined> {
  const { rows } = await db.query<{ showId: string; localStart: string }>(
    `select other.show_id as "showId",
       to_char(other.starts_at at time zone venue.time_zone, 'YYYY-MM-DD HH24:MI') as "localStart"
     from shows show
     join titles title on title.title_id = show.title_id
     join shows other on other.hall_id = show.hall_id and other.show_id <> show.show_id and other.status = 'scheduled'
     join titles other_title on other_title.title_id = other.title_id
     join halls hall on hall.hall_id = show.hall_id
     join venues venue on venue.venue_id = hall.venue_id
     where show.show_id = $1
       and other.starts_at < to_timestamp($2::float8 / 1000) + make_interval(mins => title.duration_minutes)
       and other.starts_at + make_interval(mins => other_title.duration_minutes) > to_timestamp($2::float8 / 1000)
     order by other.starts_at
     limit 1`,
    [showId, startsAtMs],
  );
  return rows[0];
}

/**
 * Gives a show its other time and tells the world, once for each change. Holds and tickets stay as they are. Repeating a change
 * does nothing, also when a later one has been made since.
 */
export async function rescheduleShow(
  pool: Pool,
  change: ReschedulePlan & { showId: string; changeId: string },
): Promise<void> {
  const { showId, changeId, startsAtMs, salesOpenAtMs, salesCloseAtMs, refundUntilMs } = change;
  await withTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `insert into show_reschedules (show_id, change_id, starts_at_before, starts_at, refund_until, rescheduled_at)
       select show_id, $2, starts_at, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), clock_timestamp()
         from shows where show_id = $1
         for update
       on conflict do nothing`,
      [showId, changeId, startsAtMs, refundUntilMs],
    );
    if (rowCount === 0) return;
    await tx.query(
      `update shows set starts_at = to_timestamp($2::float8 / 1000), sales_open_at = to_timestamp($3::float8 / 1000),
         sales_close_at = to_timestamp($4::float8 / 1000), version = version + 1
       where show_id = $1`,
      [showId, startsAtMs, salesOpenAtMs, salesCloseAtMs],
    );
    await publishShows(tx, [showId]);
  });
}

/** Has the next buyers told of the change (migration 0018). Returns where the next page begins, null behind the last one. */
export async function tellOfReschedule(
  db: Queryable,
  { showId, changeId, after, limit }: BookingPage & { changeId: string },
): Promise<string | null> {
  const { rows } = await db.query<{ last: string | null }>(
    "select tell_of_reschedule($1, $2, $3, $4) as last",
    [showId, changeId, after ?? beforeFirst, limit],
  );
  return onlyRow(rows).last;
}

/**
 * How a buyer may give tickets back now. `show_cancelled`: all of them go back anyhow. `with_fees`: the show was put off after this
 * booking was made. `without_fees`: as the organiser allows it to everybody.
 */
export type ReturnTerms = "show_cancelled" | "with_fees" | "without_fees" | "none";

export async function findReturnTerms(db: Queryable, booking: BookingKey): Promise<ReturnTerms> {
  const { rows } = await db.query<{ terms: ReturnTerms }>(
    `select ${returnTerms} as terms
     from bookings booking
     join shows show on show.show_id = booking.show_id
     where booking.show_id = $1 and booking.booking_id = $2`,
    [booking.showId, booking.bookingId],
  );
  return rows[0]?.terms ?? "none";
}

/** The terms of a `booking` of a `show`, in SQL. */
export const returnTerms = `case
    when show.status = 'cancelled' then 'show_cancelled'
    when exists (select 1 from show_reschedules reschedule
                   where reschedule.show_id = show.show_id and booking.created_at < reschedule.rescheduled_at
                     and now() < reschedule.refund_until) then 'with_fees'
    when now() < show.refundable_until then 'without_fees'
    else 'none'
  end`;
