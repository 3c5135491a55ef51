import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { savePerson } from "../adapters/postgres/people.ts";
import { releaseBooking } from "../adapters/postgres/holds.ts";
import { recordCapture } from "../adapters/postgres/payments.ts";
import { openStrayRefund, recordRefund } from "../adapters/postgres/refunds.ts";
import { bookingIds, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { buyTickets } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { holdBooking, openBookingPayment } from "./sell-booking.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// What buyers are told when their money has gone back.

let system: System;
let asha: Buyer;
let showId: string;

beforeAll(async () => {
  system = await startSystem([
    ...(["api", "checkout", "payments", "stripe", "identity"] as const),
    ...(["relay", "notifier", "inbox"] as const),
  ]);
  asha = await signIn(system.addresses, "asha");
  const { pool } = system.database;
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const person = { userId: asha.userId, email: "asha@example.com", name: "Asha" };
  await savePerson(pool, sealing, person);
  const id = await plantShow(pool);
  await pool.query(
    "update shows set refundable_until = now() + interval '1 hour' where show_id = $1",
    [id],
  );
  showId = showIds.encode(id);
}, 120_000);
afterAll(() => system.close(), 30_000);

async function refundMailsAbout(bookingId: string) {
  const response = await fetch(`${system.addresses.inbox}/api/messages?to=asha@example.com`);
  const { messages } = (await response.json()) as {
    messages: { subject: string; text: string; html: string }[];
  };
  return messages.filter(
    (mail) => mail.subject === "Refund: Test title" && mail.text.includes(bookingId),
  );
}

function someRefundMails(bookingId: string, count: number) {
  return eventually(async () => {
    const found = await refundMailsAbout(bookingId);
    return found.length === count && found;
  }, 30_000);
}

async function refundOf(bookingId: string) {
  const { rows } = await system.database.pool.query<{ refundId: string; attempt: number }>(
    `select refund_id as "refundId", attempt from refunds where booking_id = $1`,
    [bookingIds.decode(bookingId).id],
  );
  return { refundId: "", attempt: 0, ...rows[0], showId: showIds.decode(showId) };
}

test("each refund is told of in one mail: which seats, how much, and how long the bank takes", async () => {
  const bookingId = await buyTickets(asha, showId, ["A1", "A2", "A3"]);
  await asha.refund(bookingId, ["A2"]);
  const [first] = await someRefundMails(bookingId, 1);
  // The organiser keeps the fee.
  expect(first?.text).toContain("Given back: A2");
  expect(first?.text).toContain("£10.00 has gone back the way you paid.");
  expect(first?.text).toContain("Banks take up to ten days to show it.");
  expect(first?.html).toContain("£10.00");

  await asha.refund(bookingId);
  const mails = await someRefundMails(bookingId, 2);
  const given = mails.map(({ text }) => /Given back: (.*)/.exec(text)?.[1]);
  expect(new Set(given)).toEqual(new Set(["A1, A3", "A2"]));
});

test("a refund that fails after it had succeeded, and succeeds again, is told of once", async () => {
  const bookingId = await buyTickets(asha, showId, ["A4"]);
  await asha.refund(bookingId);
  await someRefundMails(bookingId, 1);
  const { pool } = system.database;
  const refund = await refundOf(bookingId);
  const failed = { status: "failed", providerRefundId: null } as const;
  const { attempt } = await recordRefund(pool, { ...refund, state: failed });
  const paid = { status: "succeeded", providerRefundId: "re_again" } as const;
  await recordRefund(pool, { ...refund, attempt, state: paid });

  // The mail of a later refund is the sign that the notifier has come past the event.
  const later = await buyTickets(asha, showId, ["A5"]);
  await asha.refund(later);
  await someRefundMails(later, 1);
  expect(await refundMailsAbout(bookingId)).toHaveLength(1);
});

test("money that bought nothing is told of too", async () => {
  const { pool } = system.database;
  const wish = { showId: showIds.decode(showId), seatIds: ["A6"], userId: asha.userId };
  const payment = await openBookingPayment(pool, await holdBooking(pool, wish));
  await releaseBooking(pool, {
    ...payment,
    status: "cancelled",
    reason: "buyer",
    paymentsSettled: true,
    confirmedToo: false,
  });
  await recordCapture(pool, { ...payment, capturedMinor: payment.amountMinor });
  const opened = await openStrayRefund(pool, { ...payment, cause: "stray" });
  if (opened.outcome !== "open") throw new Error(opened.outcome);
  const state = { status: "succeeded", providerRefundId: "re_stray" } as const;
  await recordRefund(pool, { ...payment, refundId: opened.refundId, attempt: 1, state });

  const publicId = bookingIds.encode({ id: payment.bookingId, showId: payment.showId });
  const [mail] = await someRefundMails(publicId, 1);
  expect(mail?.text).toContain("This payment bought no tickets.");
  expect(mail?.text).toContain("£11.00 has gone back the way you paid.");
});
