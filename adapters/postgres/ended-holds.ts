import type { BookingKey } from "./holds.ts";
import { onlyRow } from "./only-row.ts";
import type { Queryable } from "./pool.ts";

/**
 * What the buyer of a hold that ran out may be told. `hasGoneOn`: they hold or have other seats of this show, ordered later, or
 * this very booking has its tickets after all.
 */
export async function describeEndedHold(
  db: Queryable,
  { showId, bookingId, userId }: BookingKey & { userId: string },
): Promise<{ isOffer: boolean; hasGoneOn: boolean; hasBegunPayment: boolean }> {
  const { rows } = await db.query<{
    isOffer: boolean;
    hasGoneOn: boolean;
    hasBegunPayment: boolean;
  }>(
    `select exists (select 1 from waiting_offers where show_id = $1 and booking_id = $2) as "isOffer",
       exists (select 1 from bookings later
                 where later.show_id = $1 and later.user_id = $3 and later.status in ('held', 'confirmed', 'ticketed')
                   and later.created_at >= (select created_at from bookings where show_id = $1 and booking_id = $2)) as "hasGoneOn",
       exists (select 1 from payments where show_id = $1 and booking_id = $2) as "hasBegunPayment"`,
    [showId, bookingId, userId],
  );
  return onlyRow(rows);
}
