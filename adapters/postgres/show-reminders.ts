import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Times are PostgreSQL's own text, to the microsecond. */
export type DueReminder = { showId: string; startsAt: string; dueAt: string };

/**
 * Shows whose buyers are to be reminded now, the next to begin first. It is time at noon of the day before, on the venue's own clock:
 * nobody is woken, and somebody who goes to a show after midnight hears of it before that night. A minute later, so that every
 * ticket of before noon is committed when the first page is read: no statement takes so long.
 */
export async function listDueReminders(
  db: Queryable,
  { limit }: { limit: number },
): Promise<DueReminder[]> {
  const { rows } = await db.query<DueReminder>(
    `select show_id as "showId", starts_at::text as "startsAt", due_at::text as "dueAt"
     from (select show.show_id, show.starts_at,
             ((show.starts_at at time zone venue.time_zone)::date - 1 + time '12:00') at time zone venue.time_zone as due_at
             from shows show
             join halls hall on hall.hall_id = show.hall_id
             join venues venue on venue.venue_id = hall.venue_id
             where show.status = 'scheduled' and show.starts_at > clock_timestamp()
               and show.starts_at < clock_timestamp() + interval '37 hours'
               and not exists (select 1 from show_reminders reminded
                                 where reminded.show_id = show.show_id and reminded.starts_at = show.starts_at
                                   and reminded.ended_at is not null)) soon
     where due_at <= clock_timestamp() - interval '1 minute'
     order by starts_at
     limit $1`,
    [limit],
  );
  return rows;
}

/**
 * Reminds the next buyers of a show (`remind_of_show` in schema.sql). Nobody is reminded twice of one start, whoever calls it at the same
 * time.
 */
export async function remindOfShow(
  db: Queryable,
  { showId, startsAt, dueAt, limit }: DueReminder & { limit: number },
): Promise<{ reminded: number; isEnd: boolean }> {
  const { rows } = await db.query<{ page: { reminded: number; isEnd: boolean } }>(
    "select remind_of_show($1, $2::timestamptz, $3::timestamptz, $4) as page",
    [showId, startsAt, dueAt, limit],
  );
  return onlyRow(rows).page;
}
