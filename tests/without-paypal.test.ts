import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { bookingIds, showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { eventually } from "./eventually.ts";
import { bookingBecomes, holdSeats } from "./buy-tickets.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// A shop that has no account at PayPal.

const nothing = {
  ...{ PAYPAL_CLIENT_ID: "", PAYPAL_CLIENT_SECRET: "", PAYPAL_WEBHOOK_ID: "" },
  ...{ PAYPAL_WEBHOOK_ROOTS: "", PAYPAL_RETURN_URL: "", PAYPAL_CANCEL_URL: "" },
};
let system: System;
let asha: Buyer;
let showId: string;

beforeAll(async () => {
  const settings = { ...nothing, HOLD_SECONDS: "12", HOLD_SECONDS_MAX: "600" };
  system = await startSystem(["api", "checkout", "payments", "stripe", "identity"], settings);
  asha = await signIn(system.addresses, "asha");
  showId = showIds.encode(await plantShow(system.database.pool));
}, 120_000);
afterAll(() => system.close(), 30_000);

test("who wishes PayPal is told that it is not offered, and pays with what is", async () => {
  const bookingId = await holdSeats(asha, showId, ["A1"]);
  const wished = await asha.startApproval(bookingId);
  expect([wished.status, wished.body.code]).toEqual([409, "PAYMENT_PROVIDER_NOT_OFFERED"]);
  const { body } = await asha.startAnyPayment(bookingId);
  expect(body.provider).toBe("stripe");
  await asha.authorise(body);
  await bookingBecomes(asha, bookingId, "ticketed");
});

test("there is nothing at the address for PayPal's news, and no word of it in the reference", async () => {
  const post = await fetch(`${system.addresses.api}/webhooks/paypal`, {
    method: "POST",
    body: "{}",
  });
  expect([post.status, await post.json()]).toMatchObject([404, { code: "ROUTE_UNKNOWN" }]);
  const reference = await fetch(`${system.addresses.api}/openapi.json`);
  expect(await reference.text()).not.toContain("/webhooks/paypal");
});

test("a payment that was begun before the account went away stays unknown: its seats are not let go", async () => {
  const bookingId = await holdSeats(asha, showId, ["A2"]);
  const { id } = bookingIds.decode(bookingId);
  const { pool } = system.database;
  await pool.query(
    `insert into payments (show_id, payment_id, booking_id, attempt, provider, status, amount_minor, currency, created_at, updated_at)
     select show_id, gen_random_uuid(), booking_id, 1, 'paypal', 'open', total_minor, currency, now(), now()
     from bookings where booking_id = $1`,
    [id],
  );
  const heldUntil = async () => {
    const { rows } = await pool.query<{ until: Date; status: string }>(
      "select held_until as until, status from bookings where booking_id = $1",
      [id],
    );
    return rows[0] ?? { until: new Date(0), status: "gone" };
  };
  const before = await heldUntil();
  const after = await eventually(async () => {
    const now = await heldUntil();
    return now.until > before.until && now;
  }, 60_000);
  expect(after.status).toBe("held");
});

test("half an account is a mistake, and no process hides it", async () => {
  await system.kill("payments");
  const half = { PAYPAL_CLIENT_ID: "only-the-client-id" };
  await expect(system.start("payments", half)).rejects.toThrow(
    /not complete: PAYPAL_CLIENT_SECRET, PAYPAL_RETURN_URL, PAYPAL_CANCEL_URL not set/,
  );
});
