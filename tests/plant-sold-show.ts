import { randomUUID } from "node:crypto";

import type { Pool } from "../adapters/postgres/pool.ts";
import { withTransaction } from "../adapters/postgres/pool.ts";
import type { SandboxControl } from "../local/stripe-sandbox/control-sandbox.ts";
import { plantShow } from "./plant-show.ts";

/**
 * A show with so many ticketed bookings, written by a few statements, and the captured payments of them at the provider. Of the
 * n-th booking, an odd n has two seats and an even n one. Every tenth costs nothing, and each after it has given a seat back.
 */
export async function plantSoldShow(
  pool: Pool,
  stripe: SandboxControl,
  bookings: number,
): Promise<string> {
  const showId = await plantShow(pool, { seats: bookings * 2 });
  const prefix = randomUUID().replaceAll("-", "");
  // Ten amounts, because every tenth booking is another one; no provider hears of what is free.
  const amountsMinor = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 2_200 : 1_100));
  await stripe.plant({ prefix, count: bookings, amountsMinor, currency: "gbp" });
  await withTransaction(pool, async (tx) => {
    await tx.query(plantedTable);
    await tx.query(
      `insert into planted
       select number, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1 + number % 2,
         case when number % 10 = 0 then 0 else 1000 end, case when number % 10 = 0 then 0 else 100 end,
         number % 10 = 1
       from generate_series(1, $1::integer) as number`,
      [bookings],
    );
    for (const statement of soldStatements) await tx.query(statement, [showId]);
    await tx.query(
      `insert into payments (show_id, payment_id, booking_id, attempt, provider, provider_payment_id, status, amount_minor,
         currency, captured_minor, refunded_minor, created_at, updated_at)
       select $1, payment_id, booking_id, 1, case amount when 0 then 'free' else 'stripe' end,
         case amount when 0 then payment_id::text else 'pi_' || $2 || '_' || number end, 'captured', seats * (amount + fee),
         'GBP', seats * (amount + fee), case when has_returned then amount else 0 end, now(), now()
       from planted`,
      [showId, prefix],
    );
    for (const statement of returnedStatements) await tx.query(statement, [showId]);
  });
  return showId;
}

const plantedTable = `create temporary table planted (number integer, booking_id uuid, payment_id uuid, user_id uuid,
  seats integer, amount integer, fee integer, has_returned boolean) on commit drop`;

const soldStatements = [
  `insert into bookings (show_id, booking_id, user_id, status, request_hash, seat_count, total_minor, fee_minor, currency,
     held_until, payment_id, created_at, confirmed_at)
   select $1, booking_id, user_id, 'ticketed', 'planted', seats, seats * (amount + fee), seats * fee, 'GBP', now(),
     payment_id, now(), now()
   from planted`,
  `insert into booking_seats (show_id, booking_id, seat_id, price_code, amount_minor, fee_minor)
   select $1, booking_id, 'A' || number * 2 - seat, 'STD', amount, fee
   from planted cross join lateral generate_series(0, seats - 1) as seat`,
  `update show_seats seat set status = 'booked', booking_id = planted.booking_id, user_id = planted.user_id, version = 2
   from booking_seats wanted join planted using (booking_id)
   where wanted.show_id = $1 and seat.show_id = $1 and seat.seat_id = wanted.seat_id`,
  `insert into show_buyers (show_id, user_id, seats) select $1, user_id, seats from planted`,
  `insert into tickets (show_id, ticket_id, booking_id, seat_id, user_id, issued_at)
   select $1, gen_random_uuid(), booking_id, seat_id, user_id, now()
   from booking_seats join planted using (booking_id) where show_id = $1`,
];

/** The first seat of these bookings went back before, its fee was kept. */
const returnedStatements = [
  `insert into refunds (show_id, refund_id, payment_id, booking_id, cause, amount_minor, currency, status, attempt,
     created_at, updated_at)
   select $1, gen_random_uuid(), payment_id, booking_id, 'buyer:planted', amount, 'GBP', 'succeeded', 1, now(), now()
   from planted where has_returned`,
  `update tickets set status = 'void' from planted
   where tickets.show_id = $1 and tickets.booking_id = planted.booking_id and has_returned and seat_id = 'A' || number * 2`,
  `update show_seats set status = 'available', booking_id = null, user_id = null from planted
   where show_id = $1 and has_returned and seat_id = 'A' || number * 2`,
  `update show_buyers set seats = 1 from planted
   where show_id = $1 and show_buyers.user_id = planted.user_id and has_returned`,
];
