import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { showIds } from "../domain/ids.ts";
import { messageNames } from "../workflows/contract.ts";
import { bookingBecomes, buyTickets, holdSeats, payFor, readBooking } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { first, openShowChangeHouse } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";

// A show is put off, through the whole house.

let house: ShowChangeHouse;

beforeAll(async () => {
  house = await openShowChangeHouse();
}, 120_000);
afterAll(() => house.close(), 30_000);

/** On the clock of a venue in London, so many days from now. */
function inDays(days: number, time: string): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}`;
}

const wish = () => ({ startsAt: inDays(30, "20:00"), refundUntil: inDays(10, "12:00") });

async function showRow(showId: string) {
  const rows = await house.rowsOf<{ startsAt: string; version: number }>(
    showId,
    `select to_char(starts_at at time zone 'Europe/London', 'YYYY-MM-DD"T"HH24:MI') as "startsAt", version::integer
     from shows where show_id = $1`,
  );
  return rows[0];
}

test("holds and tickets stay valid, those who had booked are told and may give tickets back with fees", async () => {
  const showId = await house.plantShow();
  const bought = await buyTickets(house.asha, showId, ["A1", "A2"]);
  const held = await holdSeats(house.ben, showId, ["A3"]);
  const change = await house.reschedule(showId, wish());
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

  await payFor(house.ben, held);
  await bookingBecomes(house.ben, held, "ticketed");
  const late = await buyTickets(house.ben, showId, ["A4"]);
  expect((await house.ben.refund(late)).body.code).toBe("REFUND_NOT_ALLOWED");
  const given = await house.asha.refund(bought, ["A1"]);
  expect([given.status, given.body.amount.amountMinor]).toEqual([202, 1_100]);
  await eventually(async () => {
    const { refunds, status } = await readBooking(house.asha, bought);
    return status === "ticketed" && refunds[0]?.status === "paid_out";
  }, 20_000);
  const rows = await house.rowsOf<{ type: string; bookings: number }>(
    showId,
    `select payload->>'type' as type, count(*)::integer as bookings from outbox
     where show_id = $1 and payload->>'type' in ('BookingRescheduled', 'ShowPublished') group by type order by type`,
  );
  expect(rows).toEqual([
    { type: "BookingRescheduled", bookings: 1 },
    { type: "ShowPublished", bookings: 1 },
  ]);
  await saveHistory(change.handle, "show-rescheduled");
});

test("abandoned, nothing is changed and the trace says so", async () => {
  const showId = await house.plantShow();
  const before = await showRow(showId);
  const change = await house.reschedule(showId, wish());
  await change.asks();
  await change.update(messageNames.abandonShowChange, first);
  expect(await change.result()).toEqual({ outcome: "abandoned" });
  expect(await showRow(showId)).toEqual(before);
  const rows = await house.rowsOf(
    showId,
    "select action, outcome from support_actions where show_id = $1 order by created_at",
  );
  expect(rows).toEqual([
    { action: "reschedule_show", outcome: "abandoned" },
    { action: "abandon_show_change", outcome: "abandoned" },
  ]);
});

test("a time at which the hall is taken is refused at once", async () => {
  const [showId, other] = [await plantShow(house.db), await plantShow(house.db)];
  await house.db.query(
    `update shows set hall_id = (select hall_id from shows where show_id = $1),
       starts_at = $3::timestamp at time zone 'Europe/London' where show_id = $2`,
    [showId, other, inDays(30, "21:15")],
  );
  const change = await house.reschedule(showIds.encode(showId), wish());
  await expect(change.result()).rejects.toMatchObject({
    cause: { message: expect.stringContaining(`taken by ${showIds.encode(other)}`) },
  });
});
