import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client, Connection } from "@temporalio/client";

import { saveNoticeChoices } from "../adapters/postgres/notice-choices.ts";
import { savePerson } from "../adapters/postgres/people.ts";
import { noChoices } from "../domain/notices.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { saveHistory } from "./save-history.ts";
import { sellBooking } from "./sell-booking.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

// The day before a show, by a Temporal Schedule, through all processes to the inbox.

const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
let system: System;
let connection: Connection;
let temporal: Client;

beforeAll(async () => {
  system = await startSystem(["checkout", "payments", "relay", "notifier", "inbox"], {
    REMIND_EVERY_SECONDS: "1",
  });
  connection = await Connection.connect({ address: system.addresses.temporal });
  temporal = new Client({ connection, namespace: system.namespace });
}, 120_000);
afterAll(async () => {
  await temporal?.schedule.getHandle("reminders").delete();
  await connection?.close();
  await system?.close();
}, 30_000);

/** People with a ticket each, bought three days ago, of a show that is far away still. */
async function plantBuyers(count: number) {
  const db = system.database.pool;
  const showId = await plantShow(db, { seats: count });
  const buyers = [];
  for (let number = 1; number <= count; number += 1) {
    const userId = randomUUID();
    const email = `${userId}@example.com`;
    await savePerson(db, sealing, { userId, email, name: "Asha" });
    const { bookingId } = await sellBooking(db, { showId, userId, seatIds: [`A${number}`] });
    buyers.push({ userId, email, bookingId });
  }
  await db.query("update tickets set issued_at = now() - interval '3 days' where show_id = $1", [
    showId,
  ]);
  return { showId, buyers };
}

/** Whatever the clock says: noon of the day before is over. */
async function begins(showId: string, inMinutes: number): Promise<void> {
  await system.database.pool.query(
    "update shows set starts_at = now() + make_interval(mins => $2) where show_id = $1",
    [showId, inMinutes],
  );
}

async function messagesTo(address: string) {
  const to = encodeURIComponent(address);
  const response = await fetch(`${system.addresses.inbox}/api/messages?to=${to}`);
  const { messages } = (await response.json()) as {
    messages: { messageId: string; subject: string; text: string }[];
  };
  return messages.filter(({ subject }) => /See you soon|Text message/.test(subject));
}

const hasMails = (address: string, count: number) =>
  eventually(async () => {
    const found = await messagesTo(address);
    return found.length === count && found;
  }, 60_000);

test("each buyer is reminded once by mail and, if they want it, by text message; put off, once more; tickets that are void, never", async () => {
  const { showId, buyers } = await plantBuyers(3);
  const [asha, ben, carla] = buyers;
  if (asha === undefined || ben === undefined || carla === undefined) throw new Error("Nobody");
  const phone = "+4915112345678";
  await saveNoticeChoices(system.database.pool, sealing, {
    ...{ ...noChoices, userId: ben.userId, phone, textsOn: ["reminders"] },
  });
  await system.database.pool.query("update tickets set status = 'void' where booking_id = $1", [
    carla.bookingId,
  ]);
  await begins(showId, 40);
  const [first] = await hasMails(asha.email, 1);
  expect(first?.text).toMatch(/\/tickets\/tk_[\w-]+#\S+/);
  expect(first?.text).toContain("Seat A1");
  expect(first?.text).toContain("/unsubscribe/");
  await hasMails(ben.email, 1);
  const [text] = await hasMails(phone, 1);
  expect(text?.text).toContain("Marquee: Test title, ");

  await begins(showId, 50);
  const again = await hasMails(asha.email, 2);
  expect(new Set(again.map(({ messageId }) => messageId)).size).toBe(2);
  expect(await hasMails(ben.email, 2)).toHaveLength(2);
  expect(await messagesTo(carla.email)).toEqual([]);

  const runs = temporal.workflow.list({ query: "WorkflowType = 'remindBuyers'" });
  for await (const { workflowId } of runs) {
    const handle = temporal.workflow.getHandle(workflowId);
    const { reminded } = (await handle.result()) as { reminded: number };
    if (reminded > 0) return saveHistory(handle, "remind-buyers");
  }
  throw new Error("No run has reminded anybody");
}, 120_000);

test("cancelled between the event and the mail: nobody is asked to come", async () => {
  const { showId, buyers } = await plantBuyers(1);
  await system.kill("notifier");
  await begins(showId, 40);
  await eventually(async () => {
    const { rowCount } = await system.database.pool.query(
      "select 1 from show_reminders where show_id = $1 and ended_at is not null",
      [showId],
    );
    return rowCount === 1;
  }, 30_000);
  await system.database.pool.query("update shows set status = 'cancelled' where show_id = $1", [
    showId,
  ]);
  await system.start("notifier");
  // A later show's mail is the sign that the notifier has come past the event.
  const later = await plantBuyers(1);
  await begins(later.showId, 40);
  await hasMails(later.buyers[0]?.email ?? "", 1);
  expect(await messagesTo(buyers[0]?.email ?? "")).toEqual([]);
}, 120_000);

test("the workers die in the middle of a hall: each of its buyers is reminded once", async () => {
  const { showId, buyers } = await plantBuyers(50);
  await begins(showId, 40);
  await eventually(async () => {
    const { rowCount } = await system.database.pool.query(
      "select 1 from show_reminders where show_id = $1",
      [showId],
    );
    return rowCount === 1;
  }, 30_000);
  await Promise.all([system.kill("payments"), system.kill("checkout"), system.kill("notifier")]);
  await Promise.all([system.start("payments"), system.start("checkout"), system.start("notifier")]);
  const ids = new Set<string>();
  for (const { email } of buyers) {
    const messages = await eventually(async () => {
      const found = await messagesTo(email);
      return found.length > 0 && found;
    }, 60_000);
    // One that was being sent when its notifier died may come again, under its own id.
    for (const { messageId } of messages) ids.add(messageId);
  }
  expect(ids.size).toBe(50);
}, 180_000);
