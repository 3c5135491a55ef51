import { randomUUID } from "node:crypto";

import { uuidv7 } from "uuidv7";

import { savePerson } from "../adapters/postgres/people.ts";
import type { Queryable } from "../adapters/postgres/pool.ts";
import type { BookingConfirmed } from "../domain/events.ts";
import { localKeys } from "../local/local-keys.ts";
import { createSealing } from "../platform/sealing.ts";
import { appendToOutbox } from "./append-to-outbox.ts";
import { plantShow } from "./plant-show.ts";

/** Puts a confirmed booking into the outbox, of a new show and a known buyer, as the sale would. Returns its event. */
export async function plantConfirmed(db: Queryable): Promise<BookingConfirmed> {
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  const userId = randomUUID();
  await savePerson(db, sealing, { userId, email: `${userId}@example.com`, name: "Asha" });
  const event: BookingConfirmed = {
    schemaVersion: 1,
    type: "BookingConfirmed",
    eventId: uuidv7(),
    showId: await plantShow(db),
    bookingId: randomUUID(),
    userId,
    seatIds: ["A1"],
    totalMinor: 1_100,
    currency: "GBP",
    ticketDetails: [{ ticketId: randomUUID(), seatId: "A1" }],
  };
  await appendToOutbox(db, [event]);
  return event;
}
