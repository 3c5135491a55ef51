import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import { sellBooking } from "../../tests/sell-booking.ts";
import { findBooking } from "./bookings.ts";
import { issueTickets, releaseBooking } from "./holds.ts";
import { findRefundOfCause, openStrayRefund, recordRefund, refundTickets } from "./refunds.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function sold(seatIds = ["A1", "A2"]) {
  const showId = await plantShow(database.pool);
  return sellBooking(database.pool, { showId, seatIds });
}

const ask = { cause: "buyer:1", withFees: false } as const;

async function refundRows(bookingId: string) {
  const { rows } = await database.pool.query(
    "select amount_minor::integer as amount, status, attempt, failure from refunds where booking_id = $1 order by created_at",
    [bookingId],
  );
  return rows;
}

async function paymentRow(paymentId: string) {
  const { rows } = await database.pool.query(
    "select status, captured_minor::integer as captured, refunded_minor::integer as refunded from payments where payment_id = $1",
    [paymentId],
  );
  return rows[0];
}

test("given back by twenty at once under one cause: one refund, tickets void, seats on sale, the buyer's limit freed", async () => {
  const booking = await sold();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => refundTickets(database.pool, { ...booking, ...ask })),
  );
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  expect(outcomes[0]).toMatchObject({ outcome: "open", amountMinor: 2_000 });
  expect(await refundRows(booking.bookingId)).toEqual([
    { amount: 2_000, status: "requested", attempt: 1, failure: null },
  ]);
  const after = await findBooking(database.pool, booking);
  expect(after?.status).toBe("refunded");
  expect(after?.tickets.map(({ status }) => status)).toEqual(["void", "void"]);
  const { rows } = await database.pool.query(
    `select (select count(*)::integer from show_seats where show_id = $1 and status = 'available') as free,
       (select seats from show_buyers where show_id = $1) as "buyerSeats"`,
    [booking.showId],
  );
  expect(rows[0]).toEqual({ free: 10, buyerSeats: 0 });
});

test("control: two causes ask for the same tickets; the second finds none that is live", async () => {
  const booking = await sold();
  const outcomes = await Promise.all(
    ["buyer:1", "buyer:2"].map((cause) =>
      refundTickets(database.pool, {
        ...booking,
        ...ask,
        cause: cause as "buyer:1",
      }),
    ),
  );
  expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["open", "refused"]);
  expect(await refundRows(booking.bookingId)).toHaveLength(1);
});

test("some seats go back: the others stay sold, and their tickets live", async () => {
  const booking = await sold(["A1", "A2", "A3"]);
  const order = { ...booking, ...ask, seatIds: ["A2"] };
  expect(await refundTickets(database.pool, order)).toMatchObject({
    outcome: "open",
    amountMinor: 1_000,
    seatIds: ["A2"],
  });
  const after = await findBooking(database.pool, booking);
  expect(after?.status).toBe("ticketed");
  expect(after?.tickets.map(({ status }) => status)).toEqual(["live", "void", "live"]);
  const again = { ...order, cause: "buyer:2" as const };
  expect(await refundTickets(database.pool, again)).toEqual({
    outcome: "refused",
    code: "TICKET_NOT_LIVE",
  });
  const rest = {
    ...booking,
    seatIds: undefined,
    cause: "show_cancelled",
    withFees: true,
  } as const;
  expect(await refundTickets(database.pool, rest)).toMatchObject({ amountMinor: 2_200 });
  expect((await findBooking(database.pool, booking))?.status).toBe("refunded");
});

test("free tickets are given back once under one cause, which is answered the same again; another cause finds none", async () => {
  const booking = await sold();
  await database.pool.query(
    "update booking_seats set amount_minor = 0, fee_minor = 0 where booking_id = $1",
    [booking.bookingId],
  );
  for (const seatIds of [["A2"], undefined]) {
    const order = {
      ...booking,
      seatIds,
      withFees: false,
      cause: `buyer:${seatIds?.join("-") ?? "all"}` as const,
    };
    const first = await refundTickets(database.pool, order);
    expect(first).toMatchObject({ outcome: "nothing_to_pay", amountMinor: 0 });
    expect(await refundTickets(database.pool, order)).toEqual(first);
    expect(await findRefundOfCause(database.pool, order)).toEqual(first);
    const other = { ...order, cause: "buyer:other" } as const;
    expect(await findRefundOfCause(database.pool, other)).toBeUndefined();
  }
  expect(await refundRows(booking.bookingId)).toEqual([]);
  expect((await findBooking(database.pool, booking))?.status).toBe("refunded");
  expect(await refundTickets(database.pool, { ...booking, ...ask, seatIds: undefined })).toEqual({
    outcome: "refused",
    code: "BOOKING_CLOSED",
  });
});

test("never more goes back than was taken, whatever is asked", async () => {
  const booking = await sold();
  await database.pool.query("update payments set captured_minor = 1500 where booking_id = $1", [
    booking.bookingId,
  ]);
  const order = { ...booking, ...ask };
  expect(await refundTickets(database.pool, order)).toEqual({
    outcome: "refused",
    code: "REFUND_EXCEEDS_PAYMENT",
  });
  expect(await refundRows(booking.bookingId)).toEqual([]);
  expect((await findBooking(database.pool, booking))?.status).toBe("ticketed");
});

test("the payment that bought the tickets is no stray, even after they were given back", async () => {
  const booking = await sold();
  const stray = { ...booking, cause: "stray" } as const;
  expect(await openStrayRefund(database.pool, stray)).toEqual({ outcome: "in_use" });
  await refundTickets(database.pool, { ...booking, ...ask });
  expect(await openStrayRefund(database.pool, stray)).toEqual({ outcome: "in_use" });
});

test("an attempt that failed is followed by the next; an answer to an earlier attempt changes nothing", async () => {
  const booking = await sold();
  const opened = await refundTickets(database.pool, { ...booking, ...ask });
  const refundId = opened.outcome === "open" ? opened.refundId : "";
  const record = (attempt: number, state: Parameters<typeof recordRefund>[1]["state"]) =>
    recordRefund(database.pool, { showId: booking.showId, refundId, attempt, state });
  const failed = { status: "failed", providerRefundId: "re_1", reason: "balance" } as const;
  const succeeded = { status: "succeeded", providerRefundId: "re_2" } as const;

  expect(await record(1, failed)).toEqual({ status: "requested", attempt: 2 });
  expect(await record(1, succeeded)).toEqual({ status: "requested", attempt: 2 });
  expect(await record(2, { status: "pending", providerRefundId: "re_2" })).toMatchObject({
    status: "pending",
  });
  expect(await record(2, succeeded)).toMatchObject({ status: "succeeded" });
  expect(await record(2, succeeded)).toMatchObject({ status: "succeeded" });
  expect(await paymentRow(booking.paymentId)).toEqual({
    status: "captured",
    captured: 2_200,
    refunded: 2_000,
  });

  // A bank may refuse days later.
  expect(await record(2, failed)).toEqual({ status: "requested", attempt: 3 });
  expect(await paymentRow(booking.paymentId)).toMatchObject({ refunded: 0 });
  await record(3, succeeded);
  const { rows } = await database.pool.query(
    "select count(*)::integer as events from outbox where payload->>'bookingId' = $1 and payload->>'type' = 'BookingRefunded'",
    [booking.bookingId],
  );
  expect(rows[0]).toEqual({ events: 2 });
});

test("a late answer to an old step does no harm to a refunded booking", async () => {
  const booking = await sold();
  await refundTickets(database.pool, { ...booking, ...ask });
  expect(await issueTickets(database.pool, { ...booking, capturedMinor: 2_200 })).toMatchObject({
    outcome: "ticketed",
  });
  const release = {
    status: "cancelled",
    reason: "late",
    paymentsSettled: true,
    confirmedToo: true,
  };
  expect(
    await releaseBooking(database.pool, { ...booking, ...release, status: "cancelled" }),
  ).toEqual({ outcome: "kept" });
  const after = await findBooking(database.pool, booking);
  expect(after?.status).toBe("refunded");
  expect(after?.tickets.filter(({ status }) => status === "live")).toEqual([]);
});
