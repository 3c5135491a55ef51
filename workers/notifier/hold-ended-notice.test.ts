import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { describeEndedHold } from "../../adapters/postgres/ended-holds.ts";
import { releaseBooking } from "../../adapters/postgres/holds.ts";
import type { BookingExpired } from "../../domain/events.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createTicketLinks } from "../../platform/ticket-links.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { holdBooking, openBookingPayment } from "../../tests/sell-booking.ts";
import type { HeldBooking } from "../../tests/sell-booking.ts";
import { holdEndedNotice } from "./hold-ended-notice.ts";

let database: TestDatabase;
let showId: string;
beforeAll(async () => {
  database = await createDatabase();
  showId = await plantShow(database.pool);
});
afterAll(() => database.drop());

/** The end of a hold by time, as the outbox tells it. */
async function expire(booking: HeldBooking): Promise<BookingExpired> {
  await releaseBooking(database.pool, {
    ...{ ...booking, status: "expired", reason: "hold_expired", paymentsSettled: true },
    confirmedToo: false,
  });
  const { rows } = await database.pool.query<{ payload: BookingExpired }>(
    "select payload from outbox where show_id = $1 and payload->>'bookingId' = $2 and payload->>'type' = 'BookingExpired'",
    [showId, booking.bookingId],
  );
  const [event] = rows;
  if (event === undefined) throw new Error("Nothing was told");
  return event.payload;
}

const noticeOf = (event: BookingExpired) =>
  holdEndedNotice(event, {
    ...{ pool: database.pool, links: createTicketLinks(localKeys.LINK_KEY) },
    ...{ publicUrl: "https://tickets.test", offerUrl: undefined, shopUrl: undefined },
  });

test("whoever did not pay in time is told so", async () => {
  const event = await expire(await holdBooking(database.pool, { showId, seatIds: ["A1"] }));
  expect(await noticeOf(event)).toMatchObject({ kind: "holds", eventId: event.eventId });
});

test("whoever has seats of the show again is not told of the first try", async () => {
  const first = await holdBooking(database.pool, { showId, seatIds: ["A2"] });
  const { userId } = first;
  const event = await expire(first);
  const second = await holdBooking(database.pool, { showId, userId, seatIds: ["A3"] });
  expect(await noticeOf(event)).toBeUndefined();
  // The second one ends as well: its own event tells, and it alone may tell of both.
  const last = await expire(second);
  expect(await noticeOf(last)).toMatchObject({ userId });
});

test("an earlier booking of theirs is no reason to keep silent", async () => {
  const first = await holdBooking(database.pool, { showId, seatIds: ["A4"] });
  const { userId } = first;
  const second = await holdBooking(database.pool, { showId, userId, seatIds: ["A5"] });
  expect(await noticeOf(await expire(second))).toMatchObject({ kind: "holds" });
});

test("where a payment was begun the mail says what becomes of its money", async () => {
  const booking = await holdBooking(database.pool, { showId, seatIds: ["A6"] });
  await openBookingPayment(database.pool, booking);
  await expire(booking);
  const facts = { isOffer: false, hasGoneOn: false, hasBegunPayment: true };
  expect(await describeEndedHold(database.pool, booking)).toEqual(facts);
});
