import type { ErrorCode } from "../../domain/errors.ts";
import type { WaitingState, WaitingWish } from "../../domain/waiting-list.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

export type WaitingPerson = { showId: string; userId: string };

export type JoinOutcome =
  | { outcome: "joined" | "known"; entryId: string }
  /** `retryAtMs`: no seat is free, but some are merely held, and the first of those holds ends then. */
  | { outcome: "refused"; code: ErrorCode; retryAtMs?: number };

/**
 * Puts a person on the waiting list of a show (`join_waiting_list` in schema.sql). The first one opens it, when no seat is free or merely
 * held but those that are `apart`. `known`: they are on it with the same wish. A list that closes or is joined by the same person at
 * that very moment is asked again.
 */
export async function joinWaitingList(
  db: Queryable,
  person: WaitingPerson & WaitingWish & { apart: string[] },
): Promise<JoinOutcome> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { rows } = await db.query<{ joined: JoinOutcome | { outcome: "contended" } }>({
      name: "join_waiting_list",
      text: "select join_waiting_list($1, $2, $3, $4, $5, $6, $7, $8, $9) as joined",
      values: [
        ...[person.showId, person.userId, person.partySize, person.priceCodes],
        ...[person.totalMaxMinor, person.isTogether, person.accessible, person.companions],
        person.apart,
      ],
    });
    const { joined } = onlyRow(rows);
    if (joined.outcome !== "contended") return joined;
  }
  return { outcome: "refused", code: "UNAVAILABLE" };
}

const attemptsMax = 5;

/** Where a person stands; `offer` is there once its seats are held. */
export type WaitingEntry = WaitingWish & {
  entryId: string;
  state: WaitingState;
  joinedAtMs: number;
  /** 1: the next one; null: not waiting. */
  position: number | null;
  currency: string;
  offer: {
    bookingId: string;
    seatIds: string[];
    heldUntilMs: number;
    totalMinor: number;
  } | null;
};

/** The last entry of a person, also when it is over, in one round trip. */
export async function findWaitingEntry(
  db: Queryable,
  { showId, userId }: WaitingPerson,
): Promise<WaitingEntry | undefined> {
  const { rows } = await db.query<WaitingEntry>({
    name: "waiting_entry",
    text: `select entry.entry_id as "entryId", entry.state, entry.party_size as "partySize", entry.price_codes as "priceCodes",
         entry.total_max_minor::float8 as "totalMaxMinor", entry.is_together as "isTogether", entry.accessible, entry.companions,
         floor(extract(epoch from entry.joined_at) * 1000)::float8 as "joinedAtMs",
         case when entry.state = 'waiting' then (select count(*)::integer from waiting_entries before
           where before.show_id = $1 and before.state = 'waiting' and before.entry_id <= entry.entry_id) end as position,
         show.currency,
         (select jsonb_build_object('bookingId', booking.booking_id, 'totalMinor', booking.total_minor,
              'heldUntilMs', floor(extract(epoch from booking.held_until) * 1000),
              'seatIds', (select jsonb_agg(seat_id order by seat_id) from booking_seats
                where show_id = $1 and booking_id = booking.booking_id))
            from waiting_offers offer
            join bookings booking on booking.show_id = offer.show_id and booking.booking_id = offer.booking_id
            where offer.show_id = $1 and offer.entry_id = entry.entry_id and offer.state = 'open') as offer
       from waiting_entries entry
       join shows show on show.show_id = entry.show_id
       where entry.show_id = $1 and entry.user_id = $2
       order by entry.entry_id desc
       limit 1`,
    values: [showId, userId],
  });
  return rows[0];
}

/** `offered`: the seats of this booking are held for the person, and have to be given back first. Repeatable. */
export type LeaveOutcome =
  { outcome: "left" | "absent" } | { outcome: "offered"; bookingId: string };

export async function leaveWaitingList(
  db: Queryable,
  { showId, userId }: WaitingPerson,
): Promise<LeaveOutcome> {
  const { rowCount } = await db.query(
    `update waiting_entries set state = 'left', ended_at = clock_timestamp()
      where show_id = $1 and user_id = $2 and state = 'waiting'`,
    [showId, userId],
  );
  if (rowCount === 1) {
    await closeEmptyWaitingList(db, showId);
    return { outcome: "left" };
  }
  const { rows } = await db.query<{ bookingId: string }>(
    `select booking_id as "bookingId" from waiting_offers where show_id = $1 and user_id = $2 and state = 'open'`,
    [showId, userId],
  );
  const [offer] = rows;
  return offer === undefined ? { outcome: "absent" } : { outcome: "offered", ...offer };
}

/**
 * From here on everybody may buy, if nobody waits any more. Says whether that is so. A statement of its own: it takes the show's row
 * first.
 */
export async function closeEmptyWaitingList(db: Queryable, showId: string): Promise<boolean> {
  const { rows } = await db.query<{ closed: boolean }>(
    "select close_empty_waiting_list($1) as closed",
    [showId],
  );
  return onlyRow(rows).closed;
}
