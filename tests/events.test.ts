import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Producer, stringSerializers } from "@platformatic/kafka";

import { savePerson } from "../adapters/postgres/people.ts";
import { showIds } from "../domain/ids.ts";
import { signIn } from "../local/buyer.ts";
import type { Buyer } from "../local/buyer.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { eventually } from "./eventually.ts";
import { plantShow } from "./plant-show.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

let system: System;
let asha: Buyer;

beforeAll(async () => {
  system = await startSystem([
    "api",
    "checkout",
    "payments",
    "stripe",
    "identity",
    "relay",
    "notifier",
    "inbox",
  ]);
  asha = await signIn(system.addresses, "asha");
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const person = { userId: asha.userId, email: "asha@example.com", name: "Asha" };
  await savePerson(system.database.pool, sealing, person);
}, 120_000);
afterAll(() => system.close(), 30_000);

async function buyTicket(): Promise<string> {
  const showId = showIds.encode(await plantShow(system.database.pool));
  const { body: reserved } = await asha.reserve({ showId, seatIds: ["A1"] });
  await asha.authorise((await asha.startPayment(reserved.bookingId)).body);
  const confirmed = await eventually(async () => {
    const answer = await asha.confirm(reserved.bookingId);
    return answer.status === 200 && answer.body;
  });
  return confirmed.tickets[0]?.ticketId ?? "";
}

async function mailsWith(ticketId: string) {
  const response = await fetch(`${system.addresses.inbox}/api/messages?to=asha@example.com`);
  const { messages } = (await response.json()) as { messages: { text: string }[] };
  return messages.filter(({ text }) => text.includes(ticketId));
}

async function oneMailWith(ticketId: string) {
  const mails = await eventually(async () => {
    const found = await mailsWith(ticketId);
    return found.length > 0 && found;
  }, 30_000);
  return mails[0];
}

async function outboxIsEmpty() {
  const { rowCount } = await system.database.pool.query("select 1 from outbox");
  return rowCount === 0;
}

test("a bought ticket comes by mail, and its link shows the ticket without signing in", async () => {
  const ticketId = await buyTicket();
  const mail = await oneMailWith(ticketId);
  const link = new URL(mail?.text.match(/https?:\S+\/tickets\/\S+/)?.[0] ?? "");
  expect((await fetch(link)).status).toBe(200);

  const ticket = `${system.addresses.api}/v1/tickets/${ticketId}`;
  const withAccess = await fetch(ticket, { headers: { "ticket-access": link.hash.slice(1) } });
  expect(withAccess.status).toBe(200);
  const withOther = await fetch(ticket, { headers: { "ticket-access": `${link.hash.slice(1)}x` } });
  expect(withOther.status).toBe(403);
});

test("the relay dies and comes back: the events that waited are published, and each mail is sent once", async () => {
  await system.kill("relay");
  const ticketIds = [await buyTicket(), await buyTicket()];
  expect(await outboxIsEmpty()).toBe(false);
  await system.start("relay");
  for (const ticketId of ticketIds) await oneMailWith(ticketId);
  await eventually(outboxIsEmpty);

  // A relay that dies between publishing and deleting publishes again. Put the events back as if it had.
  await system.database.pool.query(
    `insert into outbox (show_id, event_id, topic, payload, created_at)
     select show_id, event_id, 'booking-events',
       jsonb_build_object('schemaVersion', 1, 'type', 'BookingConfirmed', 'eventId', event_id, 'showId', show_id,
         'bookingId', ticket.booking_id, 'userId', ticket.user_id, 'seatIds', jsonb_build_array(ticket.seat_id),
         'totalMinor', 1100, 'currency', 'GBP', 'ticketDetails', jsonb_build_array(
           jsonb_build_object('ticketId', ticket.ticket_id, 'seatId', ticket.seat_id))), now()
     from deliveries join tickets ticket using (show_id)`,
  );
  await eventually(outboxIsEmpty);
  const after = await buyTicket();
  await oneMailWith(after);
  for (const ticketId of ticketIds) expect(await mailsWith(ticketId)).toHaveLength(1);
});

test("an event that cannot be read is parked, and the next one is served", async () => {
  const producer = new Producer({
    clientId: "test",
    bootstrapBrokers: (process.env["KAFKA_BROKERS"] ?? "").split(","),
    serializers: stringSerializers,
  });
  const topic = `${system.namespace}.booking-events`;
  await producer.send({ messages: [{ topic, key: "poison", value: "not JSON" }] });
  await producer.close();
  const ticketId = await buyTicket();
  await oneMailWith(ticketId);
  expect(await mailsWith(ticketId)).toHaveLength(1);
});
