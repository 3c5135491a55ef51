import type { ChosenOffer } from "../../domain/choose-offers.ts";
import type { FreeRoom } from "../../domain/free-room.ts";
import type { WaitingWish } from "../../domain/waiting-list.ts";
import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/** Settles the open offers of a show by what has become of their bookings (`settle_offers` in schema.sql). Repeatable. */
export async function settleOffers(
  db: Queryable,
  { showId, lostSeconds }: { showId: string; lostSeconds: number },
): Promise<void> {
  await db.query({
    name: "settle_offers",
    text: "select settle_offers($1, $2)",
    values: [showId, lostSeconds],
  });
}

/** If the show is over for them, tells so many of those who wait, in their order; returns how many. Repeatable. */
export async function closeWaitingEntries(
  db: Queryable,
  { showId, limit }: { showId: string; limit: number },
): Promise<number> {
  const { rows } = await db.query<{ closed: number }>(
    "select close_waiting_entries($1, $2) as closed",
    [showId, limit],
  );
  return onlyRow(rows).closed;
}

export type WaitingParty = WaitingWish & { entryId: string };

/** The next page of those who wait. */
export type PartiesPage = {
  showId: string;
  after: string | null;
  room: FreeRoom;
  /** Wishes, as JSON, that were looked for in vain. */
  inVain: string[];
  limit: number;
};

/** Those who wait behind an entry, in their order, but who are passed over for a while, are too many, or want what is not to be had. */
export async function listWaitingParties(
  db: Queryable,
  { showId, after, room, inVain, limit }: PartiesPage,
): Promise<WaitingParty[]> {
  const { seats, wheelchairs, all } = room;
  const { rows } = await db.query<WaitingParty>({
    name: "waiting_parties",
    text: `select entry_id as "entryId", party_size as "partySize", price_codes as "priceCodes",
         total_max_minor::float8 as "totalMaxMinor", is_together as "isTogether", accessible, companions
       from waiting_entries
       where show_id = $1 and state = 'waiting' and entry_id > $2
         and case when accessible = 0 then party_size <= $3 else accessible <= $4 and party_size <= $5 end
         and (passed_until is null or passed_until <= now())
         and jsonb_build_object('partySize', party_size, 'priceCodes', price_codes, 'totalMaxMinor', total_max_minor,
           'isTogether', is_together, 'accessible', accessible, 'companions', companions) <> all($6::jsonb[])
       order by entry_id
       limit $7`,
    values: [showId, after ?? beforeFirst, seats, wheelchairs, all, inVain, limit],
  });
  return rows;
}

const beforeFirst = "00000000-0000-0000-0000-000000000000";

/** Opens those whose entry waits still. */
export async function openOffers(
  db: Queryable,
  { showId, offers }: { showId: string; offers: ChosenOffer[] },
): Promise<void> {
  await db.query("select open_offers($1, $2)", [showId, JSON.stringify(offers)]);
}

/** `heldUntilMs` is null while the checkout has yet to hold the seats. */
export type OpenOffer = ChosenOffer & {
  bookingId: string;
  userId: string;
  offeredAtMs: number;
  heldUntilMs: number | null;
};

export async function listOpenOffers(db: Queryable, showId: string): Promise<OpenOffer[]> {
  const { rows } = await db.query<OpenOffer>({
    name: "open_offers",
    text: `select offer.booking_id as "bookingId", offer.entry_id as "entryId", offer.user_id as "userId",
         offer.seat_ids as "seatIds", offer.area, offer.quantity,
         floor(extract(epoch from offer.offered_at) * 1000)::float8 as "offeredAtMs",
         floor(extract(epoch from booking.held_until) * 1000)::float8 as "heldUntilMs"
       from waiting_offers offer
       left join bookings booking on booking.show_id = offer.show_id and booking.booking_id = offer.booking_id
       where offer.show_id = $1 and offer.state = 'open'
       order by offer.entry_id`,
    values: [showId],
  });
  return rows;
}

/** The seats were not to be had: the entry keeps its place, and is passed over for a while. An offer that holds seats is left alone. */
export async function voidOffer(
  db: Queryable,
  offer: BookingKey & { passedOverSeconds: number },
): Promise<void> {
  await db.query("select void_offer($1, $2, $3)", [
    ...[offer.showId, offer.bookingId, offer.passedOverSeconds],
  ]);
}

export async function countWaiting(db: Queryable, showId: string): Promise<number> {
  const { rows } = await db.query<{ waiting: number }>(
    "select count(*)::integer as waiting from waiting_entries where show_id = $1 and state = 'waiting'",
    [showId],
  );
  return onlyRow(rows).waiting;
}

/** Those of these shows for whose seats somebody waits. */
export async function listWaitedFor(db: Queryable, showIds: string[]): Promise<string[]> {
  const { rows } = await db.query<{ showId: string }>({
    name: "waited_for",
    text: `select show_id as "showId" from shows where show_id = any($1::uuid[]) and waiting_since is not null`,
    values: [showIds],
  });
  return rows.map(({ showId }) => showId);
}

/**
 * Lists on which something is to be done that an event should have said, in the order of their shows: seats are free, the show is over,
 * an offer was not settled, nobody waits any more.
 */
export async function listIdleWaitingLists(
  db: Queryable,
  page: { after: string | null; lostSeconds: number; limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ showId: string }>(
    `select show.show_id as "showId"
     from shows show
     where show.waiting_since is not null and show.show_id > $1
       and (show.status <> 'scheduled' or show.sales_close_at <= now()
         or has_free_seat(show.show_id, '{}', now())
         or exists (select 1 from waiting_offers offer
           left join bookings booking on booking.show_id = offer.show_id and booking.booking_id = offer.booking_id
           where offer.show_id = show.show_id and offer.state = 'open'
             and case when booking.booking_id is null then offer.offered_at < now() - make_interval(secs => $2)
               else booking.status not in ('held', 'confirmed') end)
         or not exists (select 1 from waiting_entries entry
           where entry.show_id = show.show_id and entry.state in ('waiting', 'offered')))
     order by show.show_id
     limit $3`,
    [page.after ?? beforeFirst, page.lostSeconds, page.limit],
  );
  return rows.map(({ showId }) => showId);
}
