import { expect, test } from "@jest/globals";

import type { DomainEvent } from "./events.ts";
import { userBookingChanges } from "./user-booking-changes.ts";

const own = { userId: "u1", bookingId: "b1", showId: "s1" };
const event = (type: DomainEvent["type"], of = own) => ({ type, ...of }) as DomainEvent;

test("the last event of a booking decides: late money brings back what had expired", () => {
  const events = ["BookingHeld", "BookingExpired", "BookingConfirmed"] as const;
  expect(userBookingChanges(events.map((type) => event(type)))).toEqual({ kept: [own], gone: [] });
  expect(userBookingChanges([event("BookingHeld"), event("BookingCancelled")])).toEqual({
    ...{ kept: [], gone: [own] },
  });
});

test("a refund, a move and news of other things change no list", () => {
  const others = ["BookingRefunded", "TicketsVoided", "TicketsMoved", "ShowPublished"] as const;
  expect(userBookingChanges(others.map((type) => event(type)))).toEqual({ kept: [], gone: [] });
});

test("bookings of one batch do not touch each other", () => {
  const other = { ...own, bookingId: "b2" };
  expect(userBookingChanges([event("BookingHeld"), event("BookingExpired", other)])).toEqual({
    ...{ kept: [own], gone: [other] },
  });
});

test("who was handed a ticket has its booking in their list, and the buyer keeps it in theirs", () => {
  const receiver = { ...own, userId: "u2" };
  const events = [event("BookingConfirmed"), event("TicketReceived", receiver)];
  expect(userBookingChanges(events)).toEqual({ kept: [own, receiver], gone: [] });
  // The start of its show is another one.
  const moved = [event("ReceivedTicketsRescheduled", receiver)];
  expect(userBookingChanges(moved)).toEqual({ kept: [receiver], gone: [] });
});
