import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { messageNames } from "../workflows/contract.ts";
import { bookingBecomes, buyTickets, holdSeats, payFor, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { first, openDesk } from "./show-change-desk.ts";
import type { ShowChangeDesk } from "./show-change-desk.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// A show is put off, through the whole house.

let system: System;
let desk: ShowChangeDesk;
let asha: Buyer;
let ben: Buyer;

beforeAll(async () => {
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"]);
  desk = await openDesk(system.addresses.temporal, system.namespace);
  asha = await signIn(system.addresses, "asha");
  ben = await signIn(system.addresses, "ben");
}, 120_000);
afterAll(async () => {
  await desk.close();
  await system.close();
}, 30_000);

/** On the clock of a venue in London, so many days from now. */
function inDays(days: number, time: string): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}`;
}

const wish = () => ({ startsAt: inDays(30, "20:00"), refundUntil: inDays(10, "12:00") });

async function showRow(showId: string) {
  const { rows } = await system.database.pool.query<{ startsAt: string; version: number }>(
    `select to_char(starts_at at time zone 'Europe/London', 'YYYY-MM-DD"T"HH24:MI') as "startsAt", version::integer
     from shows where show_id = $1`,
    [showIds.decode(showId)],
  );
  return rows[0];
}

test("holds and tickets stay valid, those who had booked are told and may give tickets back with fees", async () => {
  const showId = showIds.encode(await plantShow(system.database.pool));
  const bought = await buyTickets(asha, showId, ["A1", "A2"]);
  const held = await holdSeats(ben, showId, ["A3"]);
  const change = await desk.reschedule(showId, wish());
  const { survey } = await change.asks();
  expect(survey).toMatchObject({ ticketed: 1, held: 1, tickets: 2 });
  const details = await change.details();
  for (const part of ["Nothing is changed yet", wish().startsAt.replace("T", " "), "£22.00"]) {
    expect(details).toContain(part);
  }
  expect((await showRow(showId))?.version).toBe(1);
  await change.approve();
  expect(await change.result()).toMatchObject({ outcome: "rescheduled", approvedBy: "k.osei" });
  expect(await showRow(showId)).toEqual({ startsAt: wish().startsAt, version: 2 });

  await payFor(ben, held);
  await bookingBecomes(ben, held, "ticketed");
  const late = await buyTickets(ben, showId, ["A4"]);
  expect((await ben.refund(late)).body.code).toBe("REFUND_NOT_ALLOWED");
  const given = await asha.refund(bought, ["A1"]);
  expect([given.status, given.body.amount.amountMinor]).toEqual([202, 1_100]);
  await eventually(async () => {
    const { refunds, status } = await readBooking(asha, bought);
    return status === "ticketed" && refunds[0]?.status === "paid_out";
  }, 20_000);
  const { rows } = await system.database.pool.query<{ type: string; bookings: number }>(
    `select payload->>'type' as type, count(*)::integer as bookings from outbox
     where show_id = $1 and payload->>'type' in ('BookingRescheduled', 'ShowPublished') group by type order by type`,
    [showIds.decode(showId)],
  );
  expect(rows).toEqual([
    { type: "BookingRescheduled", bookings: 1 },
    { type: "ShowPublished", bookings: 1 },
  ]);
  await saveHistory(change.handle, "show-rescheduled");
});

test("abandoned, nothing is changed and the trace says so", async () => {
  const showId = showIds.encode(await plantShow(system.database.pool));
  const before = await showRow(showId);
  const change = await desk.reschedule(showId, wish());
  await change.asks();
  await change.update(messageNames.abandonShowChange, first);
  expect(await change.result()).toEqual({ outcome: "abandoned" });
  expect(await showRow(showId)).toEqual(before);
  const { rows } = await system.database.pool.query(
    "select action, outcome from support_actions where show_id = $1 order by created_at",
    [showIds.decode(showId)],
  );
  expect(rows).toEqual([
    { action: "reschedule_show", outcome: "abandoned" },
    { action: "abandon_show_change", outcome: "abandoned" },
  ]);
});

test("a time at which the hall is taken is refused at once", async () => {
  const [showId, other] = [
    await plantShow(system.database.pool),
    await plantShow(system.database.pool),
  ];
  await system.database.pool.query(
    `update shows set hall_id = (select hall_id from shows where show_id = $1),
       starts_at = $3::timestamp at time zone 'Europe/London' where show_id = $2`,
    [showId, other, inDays(30, "21:15")],
  );
  const change = await desk.reschedule(showIds.encode(showId), wish());
  await expect(change.result()).rejects.toMatchObject({
    cause: { message: expect.stringContaining(`taken by ${showIds.encode(other)}`) },
  });
});
