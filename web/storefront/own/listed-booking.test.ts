import { expect, test } from "@jest/globals";

import { stateOf } from "./listed-booking.ts";
import type { ListedBooking } from "./listed-booking.ts";

const now = Date.parse("2026-11-28T20:00:00Z");

test.each([
  ["ticketed", "scheduled", "paid"],
  ["ticketed", "cancelled", "showCancelled"],
  ["refunded", "scheduled", "returned"],
  ["refunded", "cancelled", "showCancelled"],
  ["confirmed", "scheduled", "taking"],
  ["expired", "scheduled", "over"],
] as const)("%s, of a show that is %s: %s", (status, show, state) => {
  expect(stateOf(bookingOf({ status }, show), now)).toBe(state);
});

test("a hold waits for its payment until it ends, and is over then", () => {
  const held = bookingOf({ status: "held", expiryTime: "2026-11-28T20:00:01Z" });
  expect(stateOf(held, now)).toBe("toPay");
  expect(stateOf(held, now + 1_000)).toBe("over");
});

function bookingOf(
  change: Partial<ListedBooking>,
  status: "scheduled" | "cancelled" = "scheduled",
): ListedBooking {
  const money = { amountMinor: 2_200, currency: "GBP" };
  const show = {
    ...{ showId: "sh_1", title: "A title", venueName: "Odeon", hallName: "Hall 1" },
    ...{ city: "London", startsAt: "2026-11-29T20:00:00Z", timeZone: "Europe/London", status },
  };
  return {
    ...{
      bookingId: "bk_1",
      status: "ticketed",
      seatCount: 2,
      liveTickets: 2,
      canGiveBack: true,
      show,
    },
    ...{ totalAmount: money, refundedAmount: { ...money, amountMinor: 0 } },
    ...{ expiryTime: "2026-11-28T19:00:00Z", ...change },
  };
}
