import { expect, test } from "@jest/globals";

import { pauseBefore, stageOf } from "./booking-view.ts";
import type { BookingView } from "./booking-view.ts";

const money = { amountMinor: 1_100, currency: "GBP" };
const held: BookingView = {
  ...{ bookingId: "bk_1", showId: "sh_1", status: "held", endReason: null },
  expiryTime: "2026-11-28T12:10:00Z",
  ...{ totalAmount: money, feeAmount: money, discountAmount: money },
  ...{ seats: [], tickets: [], refunds: [] },
};
const noonMs = Date.parse("2026-11-28T12:00:00Z");

test("a hold waits for its payment, is asked about once one was begun, and runs out on the server's clock", () => {
  const stage = (isPaymentBegun: boolean, nowMs: number) =>
    stageOf(held, { isPaymentBegun, nowMs });
  expect(stage(false, noonMs)).toBe("to_pay");
  expect(stage(true, noonMs)).toBe("checking");
  expect(stage(true, noonMs + 600_000)).toBe("running_out");
});

test("what is decided stays so, whatever the clock says", () => {
  const stages = (["confirmed", "ticketed", "expired", "cancelled", "refunded"] as const).map(
    (status) => stageOf({ ...held, status }, { isPaymentBegun: true, nowMs: noonMs + 3_600_000 }),
  );
  expect(stages).toEqual(["confirmed", "ticketed", "expired", "cancelled", "refunded"]);
});

test("it asks often at first and less often the longer nothing happens, and not at all when nothing can", () => {
  expect([0, 1, 10].map((quiet) => pauseBefore("checking", quiet))).toEqual([1_500, 2_250, 10_000]);
  expect(pauseBefore("ticketed", 0)).toBeUndefined();
  expect(pauseBefore("expired", 0)).toBeUndefined();
});
