import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { WorkflowNotFoundError } from "@temporalio/common";

import { bookingIds, showIds } from "../domain/ids.ts";
import type { SupportRequest } from "../domain/support.ts";
import { messageNames, refundWorkflowId } from "../workflows/contract.ts";
import { buyTickets } from "./buy-tickets.ts";
import { eventually } from "./eventually.ts";
import { replayAll } from "./replay-all.ts";
import { saveHistory } from "./save-history.ts";
import { openShowChangeHouse, refusal, second } from "./show-change-house.ts";
import type { ShowChangeHouse } from "./show-change-house.ts";
import { refundable } from "./shop.ts";

// A show is called off, through the whole house. A cancellation takes eight seconds, and more where the machine is busy.
jest.setTimeout(120_000);

let house: ShowChangeHouse;

beforeAll(async () => {
  house = await openShowChangeHouse();
}, 120_000);
beforeEach(() => house.stripe.reset());
afterAll(() => house.close(), 30_000);

async function refundIds(showId: string): Promise<string[]> {
  const statement = "select refund_id as id from refunds where show_id = $1";
  const rows = await house.rowsOf<{ id: string }>(showId, statement);
  return rows.map(({ id }) => id);
}

test("everything that was paid goes back once, fees included; nobody can buy; search hears of it; the report is complete", async () => {
  const showId = await house.plantSold(20);
  await buyTickets(house.asha, showId, ["A39"]);
  await house.stripe.webhooks({ delayMs: 500 });
  const change = await house.cancel(showId);
  await change.approve();
  const result = await change.result();
  expect(result).toMatchObject({
    progress: {
      ...{ held: 0, confirmed: 0, ticketed: 0, voided: 21 },
      refunds: [{ opened: 19, openedMinor: 29_700, paidOut: 19, paidOutMinor: 29_700 }],
    },
  });
  const books = await house.audit(showId);
  expect(books).toMatchObject({ twice: [], wrong: [], missing: [], providerMinor: 29_700 });
  expect((await house.ben.reserve({ showId, seatIds: ["A2"] })).body.code).toBe("SHOW_NOT_ON_SALE");
  expect(
    await house.rowsOf(
      showId,
      `select payload->'show'->>'status' as status, payload->>'version' as version
     from outbox where show_id = $1 and topic = 'catalogue-events'`,
    ),
  ).toEqual([{ status: "cancelled", version: "2" }]);
  expect(await change.details()).toContain("bookings given back: **21 of 21**");
  expect(
    await house.rowsOf(showId, "select 1 from tickets where show_id = $1 and status = 'live'"),
  ).toEqual([]);

  const report = execFileSync(process.execPath, ["local/show-report.ts", showId], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, DATABASE_URL: house.system.database.url },
    encoding: "utf8",
  });
  const [head = "", ...lines] = report.trim().split("\n");
  const columns = head.split(",");
  const cells = lines.map((line) => line.split(","));
  const column = (name: string) => cells.map((row) => row[columns.indexOf(name)] ?? "");
  expect(new Set(column("booking_id")).size).toBe(21);
  const sum = column("paid_out_minor").reduce((total, cell) => total + Number(cell), 0);
  expect(sum).toBe(29_700);
  expect(column("state").toSorted()).toEqual([
    ...Array.from({ length: 2 }, () => "free"),
    ...Array.from({ length: 19 }, () => "paid_out"),
  ]);
  await saveHistory(change.handle, "show-cancelled");

  // The provider tells of each refund by itself; what is known already starts no workflow.
  await eventually(async () => {
    const { events } = await house.stripe.ledger();
    return events.every(({ delivered }) => delivered);
  }, 20_000);
  for (const refundId of await refundIds(showId)) {
    const workflow = house.temporal.getHandle(refundWorkflowId(refundId)).describe();
    await expect(workflow).rejects.toBeInstanceOf(WorkflowNotFoundError);
  }
});

test("what the provider refuses, or does not answer, goes on in a workflow of its own and holds nobody up", async () => {
  const showId = await house.plantSold(9);
  const route = "POST /v1/refunds";
  await house.stripe.fault({ route, kind: "balance_refused", times: 2 });
  await house.stripe.fault({ route, kind: "balance_awaited" });
  await house.stripe.fault({ route, kind: "500" });
  const change = await house.cancel(showId);
  await change.approve();
  expect(await change.result()).toMatchObject({ progress: { ticketed: 0, voided: 9 } });
  // Those that were refused, or had no answer, are asked for again; the one that is pending waits for the provider's word.
  const [pending] = await eventually(() => owedBookings(showId, 1), 30_000);
  expect(pending).toMatchObject({ state: "pending", attempt: 1 });
  await house.stripe.settleRefund(pending?.providerRefundId ?? "", "succeeded");
  await eventually(() => owedBookings(showId, 0), 30_000);
  const { rows } = await house.audit(showId);
  expect(
    rows.filter(({ attempt, failure }) => attempt === 2 && failure === "balance"),
  ).toHaveLength(2);
  expect(await house.audit(showId)).toMatchObject({ twice: [], wrong: [], missing: [] });
}, 90_000);

test("money that the buyer's bank is arguing about waits for support, and the report says so", async () => {
  const showId = await house.plantSold(1);
  const { intents } = await house.stripe.ledger();
  await house.stripe.openDispute(intents[0]?.id ?? "");
  const change = await house.cancel(showId);
  await change.approve();
  expect(await change.result()).toMatchObject({
    progress: { voided: 1, refunds: [{ opened: 1, paidOut: 0 }] },
  });
  const [owed] = await eventually(() => owedBookings(showId, 1));
  expect(owed).toMatchObject({ state: "waiting", failure: "dispute", paidOutMinor: 0 });
  await askRefund(await refundIdOf(showId, owed?.bookingId), messageNames.supportSettleRefund);
  expect((await house.audit(showId)).rows).toMatchObject([{ state: "settled" }]);
});

/** The bookings whose money is not back, once there are so many of them. */
async function owedBookings(showId: string, count: number) {
  const { rows } = await house.audit(showId);
  const owed = rows.filter(({ state }) => state !== "paid_out");
  return owed.length === count && owed;
}

async function refundIdOf(showId: string, bookingId = ""): Promise<string> {
  const rows = await house.rowsOf<{ id: string; booking_id: string }>(
    showId,
    "select refund_id as id, booking_id from refunds where show_id = $1 and cause = 'show_cancelled'",
  );
  return rows.find((row) => row.booking_id === bookingId)?.id ?? "";
}

async function askRefund(refundId: string, update: string): Promise<void> {
  const workflow = house.temporal.getHandle(refundWorkflowId(refundId));
  await workflow.executeUpdate<unknown, [SupportRequest]>(update, { args: [second] });
  await workflow.result();
}

test("a booking that cannot be given back as it is stops no other, is named to support, and is looked at again when they say so", async () => {
  const showId = await house.plantSold(4);
  const capture = (change: string) =>
    house.rowsOf<{ id: string }>(
      showId,
      `update payments set captured_minor = captured_minor ${change}
       where show_id = $1 and provider_payment_id like '%_2' returning booking_id as id`,
    );
  const [broken] = await capture("- 1");
  const change = await house.cancel(showId);
  await change.approve();
  const { progress, refused } = await eventually(async () => {
    const now = await change.state();
    return now.phase === "stuck" && now;
  }, 30_000);
  expect(progress).toMatchObject({ voided: 3, ticketed: 1 });
  const bookingId = bookingIds.encode({ id: broken?.id ?? "", showId: showIds.decode(showId) });
  expect(refused).toEqual([{ bookingId, code: "REFUND_EXCEEDS_PAYMENT" }]);
  expect(await change.details()).toContain(`\`${bookingId}\` (REFUND_EXCEEDS_PAYMENT)`);
  await capture("+ 1");
  await change.resume();
  expect(await change.result()).toMatchObject({ progress: { voided: 4, ticketed: 0 } });
});

test("paused, it stops after its page and waits; resumed, it goes on to the end", async () => {
  const showId = await house.plantSold(320);
  const returned = (await refundIds(showId)).length;
  await house.stripe.webhooks({ drop: 1_000_000 });
  // The first page takes long enough for the pause to come into it.
  await house.stripe.fault({ route: "POST /v1/refunds", kind: "delay", ms: 2_000, times: 20 });
  const change = await house.cancel(showId);
  await change.approve();
  await eventually(async () => (await refundIds(showId)).length > returned);
  expect(await change.pause()).toBe("paused");
  const paused = await eventually(async () => {
    const { phase, progress } = await change.state();
    return phase === "paused" && (progress?.voided ?? 0) > 0 && progress;
  }, 30_000);
  expect(paused).toMatchObject({ voided: 100, ticketed: 220 });
  expect(await change.details()).toContain("**Paused.**");
  expect(
    await house.rowsOf(
      showId,
      "select count(*)::integer as live from bookings where show_id = $1 and status = 'ticketed'",
    ),
  ).toEqual([{ live: 220 }]);
  expect(await change.resume()).toBe("resumed");
  expect(await change.result()).toMatchObject({ progress: { ticketed: 0, voided: 320 } });
  expect(await house.audit(showId)).toMatchObject({ twice: [], wrong: [], missing: [] });
}, 90_000);

test("the provider is away: one page of refunds waits for it, not all of them, and each is paid when it is back", async () => {
  const showId = await house.plantSold(150);
  await house.stripe.webhooks({ drop: 1_000_000 });
  await house.stripe.fault({ kind: "500", times: 1_000_000 });
  const change = await house.cancel(showId);
  await change.approve();
  const { progress } = await eventually(async () => {
    const now = await change.state();
    expect(now).toMatchObject({ progress: { voided: 100, ticketed: 50 } });
    return now;
    // Ninety refunds become workflows before the page is over: 3 s, and 20 at a load of ten on two cores.
  }, 150_000);
  expect(progress).toMatchObject({ refunds: [{ paidOut: 0 }] });
  await house.stripe.mend();
  // It would go on by itself after a minute.
  await change.resume();
  expect(await change.result()).toMatchObject({ progress: { voided: 150, ticketed: 0 } });
  const books = await eventually(async () => {
    const now = await house.audit(showId);
    return now.missing.length === 0 && now.wrong.length === 0 && now;
  }, 90_000);
  expect(books.twice).toEqual([]);
}, 300_000);

test("a buyer who gives tickets back to a cancelled show gets everything, and the cancellation gives nothing a second time", async () => {
  const showId = await house.plantShow();
  const bookingId = await buyTickets(house.asha, showId, ["A1", "A2"]);
  const change = await house.cancel(showId);
  await change.asks();
  await house.rowsOf(showId, "update shows set status = 'cancelled' where show_id = $1");
  const given = await house.asha.refund(bookingId, ["A1"]);
  expect([given.status, given.body.amount.amountMinor]).toEqual([202, 2_200]);
  // It is another show now than the one that was shown.
  await expect(change.approve()).rejects.toMatchObject(refusal(/numbers have changed/));
  await change.approve();
  await change.result();
  expect(await house.audit(showId)).toMatchObject({ twice: [], providerMinor: 2_200 });
  expect((await house.stripe.ledger()).refunds).toHaveLength(1);
});

test("a refund that is asked for again under its key after the show was cancelled is answered as the first time", async () => {
  const showId = await house.plantShow(refundable);
  const bookingId = await buyTickets(house.asha, showId, ["A1", "A2"]);
  const key = randomUUID();
  const first = await house.asha.refund(bookingId, ["A1"], key);
  expect([first.status, first.body]).toMatchObject([202, { seatIds: ["A1"] }]);
  const change = await house.cancel(showId);
  await change.approve();
  await change.result();

  const again = await house.asha.refund(bookingId, ["A1"], key);
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  // Another key asks anew, and is told of what the cancellation gave back.
  const other = await house.asha.refund(bookingId);
  expect([other.status, other.body.seatIds]).toEqual([202, ["A2"]]);
  expect((await house.stripe.ledger()).refunds).toHaveLength(2);
});

test("every history of these tests is gone through again by today's code, as after the death of its process", async () => {
  const { errors, replayed } = await replayAll(house.temporal, "showCancellation");
  expect(errors).toEqual([]);
  expect(replayed).toBeGreaterThan(5);
});
