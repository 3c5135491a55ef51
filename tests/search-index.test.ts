import { createHash, randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createEventPublisher } from "../adapters/kafka/create-event-publisher.ts";
import { publishShows } from "../adapters/postgres/publish-shows.ts";
import type { BookingConfirmed, DomainEvent, ShowPublished } from "../domain/events.ts";
import { countBulks } from "./count-bulks.ts";
import { appendToOutbox } from "./append-to-outbox.ts";
import { eventually } from "./eventually.ts";
import { expectAsPostgres } from "./expect-as-postgres.ts";
import { plantShow } from "./plant-show.ts";
import { startSearchHouse } from "./search-house.ts";
import type { SearchHouse } from "./search-house.ts";
import { serverAddress } from "./server-address.ts";
import { showDocument } from "./show-document.ts";
import type { System } from "./system.ts";

// Events on their way into the index, through the relay, Kafka and the indexer.

let house: SearchHouse;
let system: System;
beforeAll(async () => {
  house = await startSearchHouse();
  ({ system } = house);
}, 120_000);
afterAll(() => house?.close(), 30_000);

const parkedCount = () => system.count("indexer", "marquee_events_parked_total");

async function publish(events: DomainEvent[]): Promise<void> {
  const publisher = createEventPublisher({
    brokers: serverAddress("KAFKA_BROKERS").split(","),
    topicPrefix: `${system.namespace}.`,
    component: "test",
  });
  await publisher.publish(
    events.map((payload) => ({
      ...{ eventId: payload.eventId, showId: payload.showId, topic: "catalogue-events", payload },
    })),
  );
  await publisher.close();
}

test("seats that change without an event, as blocked ones do, are found by the round", async () => {
  const { pool } = system.database;
  const showId = await plantShow(pool, { seats: 10 });
  await publishShows(pool, [showId]);
  await pool.query("update show_seats set status = 'blocked' where show_id = $1", [showId]);
  const changed = await eventually(async () => {
    const { rows } = await pool.query<{ availability: string }>(
      "select availability from shows where show_id = $1 and version > 1",
      [showId],
    );
    return rows[0];
  }, 30_000);
  expect(changed.availability).toBe("sold_out");
}, 60_000);

test("late, repeated and shuffled events: in the end the index is as PostgreSQL, document by document", async () => {
  const events = await house.takeEvents(async () => {
    const showIds = await house.plantShows(20);
    for (const round of [1, 2, 3]) {
      for (const showId of showIds) await house.change(showId, `format ${round}`);
    }
  });
  for (const salt of ["one", "another", "a third"]) {
    const keyOf = ({ eventId }: ShowPublished) =>
      createHash("sha256").update(`${salt}${eventId}`).digest("hex");
    await publish(events.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other))));
  }
  await expectAsPostgres(house);
}, 60_000);

test("a poisonous event among good ones is parked; the good ones are there", async () => {
  const good = await house.takeEvents(() => house.plantShows(40));
  const show = showDocument({ startsAtMs: 1e300 });
  const bad: ShowPublished = {
    ...{ schemaVersion: 1, type: "ShowPublished", eventId: randomUUID(), version: 1 },
    ...{ showId: show.showId, show },
  };
  const parkedBefore = await parkedCount();
  await publish([...good.slice(0, 20), bad, ...good.slice(20)]);
  await expectAsPostgres(house);
  await eventually(async () => (await parkedCount()) === parkedBefore + 1);
}, 60_000);

test("a hundred events that wait cost at most two bulk requests", async () => {
  const events = await house.takeEvents(() => house.plantShows(2_000));
  const bulksBefore = await countBulks(house.elastic, house.alias);
  await publish(events);
  await expectAsPostgres(house, 30_000);
  expect((await countBulks(house.elastic, house.alias)) - bulksBefore).toBeLessThanOrEqual(
    events.length / 50,
  );
}, 60_000);

test("seats that are sold: the show says so some seconds later, by few changes of its document", async () => {
  const { pool } = system.database;
  const showId = await plantShow(pool, { seats: 200 });
  await publishShows(pool, [showId]);
  const sold = Array.from({ length: 190 }, (_, index) => `A${index + 1}`);
  for (const seatId of sold) {
    await pool.query(
      "update show_seats set status = 'booked', booking_id = $3 where show_id = $1 and seat_id = $2",
      [showId, seatId, randomUUID()],
    );
    await appendToOutbox(pool, [confirmed(showId, seatId)]);
  }
  await eventually(async () => {
    const answer = await house.elastic.get<{ availability: string; soldPercent: number }>({
      index: house.alias,
      id: showId,
    });
    return answer._source?.availability === "few" && answer._source.soldPercent === 95;
  }, 20_000);
  const { rows } = await pool.query<{ version: string }>(
    "select version from shows where show_id = $1",
    [showId],
  );
  expect(Number(rows[0]?.version)).toBeLessThanOrEqual(12);
}, 60_000);

function confirmed(showId: string, seatId: string): BookingConfirmed {
  return {
    ...{ schemaVersion: 1, type: "BookingConfirmed", eventId: randomUUID(), showId },
    ...{ bookingId: randomUUID(), userId: randomUUID(), seatIds: [seatId] },
    ...{ totalMinor: 1_100, currency: "GBP", ticketDetails: [{ ticketId: randomUUID(), seatId }] },
  };
}
