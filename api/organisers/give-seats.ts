import { createHash } from "node:crypto";

import { uuidv7 } from "uuidv7";

import { compSeats } from "../../adapters/postgres/comp-seats.ts";
import { digestEmail, findPerson, savePerson } from "../../adapters/postgres/people.ts";
import type { Database, Queryable } from "../../adapters/postgres/pool.ts";
import { DomainError } from "../../domain/errors.ts";
import { bookingIds } from "../../domain/ids.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { Sealing } from "../../platform/sealing.ts";
import { refusal } from "../gate/refusal.ts";
import type { ActOnShow, ShowAsk } from "./act-on-show.ts";

/** Somebody whom the house knows, or whoever reads this mailbox. */
export type Recipient = { userId: string } | { email: string; name: string };

export type Gift = {
  seatIds: string[];
  /** Whose seats may be given; null: everybody's alone. */
  channel: string | null;
  to: Recipient;
  idempotencyKey: string;
};

/** Gives seats away: tickets without payment, sent by mail. */
export function createGiveSeats({
  db,
  actOnShow,
  sealing,
  graceSeconds,
}: {
  db: Database;
  actOnShow: ActOnShow;
  sealing: Sealing;
  graceSeconds: number;
}) {
  /** Returns the booking. Throws PERSON_UNKNOWN, SEAT_TAKEN, SEAT_HELD_BACK, SEAT_LIMIT_REACHED and the like, with the seats. */
  return async (ask: ShowAsk & Gift): Promise<{ bookingId: string }> => {
    const permitted = { ...ask, permission: "sell" } as const;
    await actOnShow.memberOf(permitted);
    // Before the transaction, which is the show's alone: people live on another shard. Seats that are refused leave a mailbox without
    // any, and the same mailbox is found by the next gift.
    const userId = await findRecipient(db, sealing, ask.to);
    return actOnShow.act(permitted, async (tx, tell) => {
      const { showId, organiserId, seatIds, channel, idempotencyKey } = ask;
      const bookingId = deriveUuid("gift", organiserId, showId, idempotencyKey);
      const requestHash = createHash("sha256")
        .update(JSON.stringify([userId, channel, seatIds.toSorted()]))
        .digest("hex");
      const request = { showId, bookingId, userId, seatIds, requestHash, channel, graceSeconds };
      const given = await compSeats(tx, { ...request, paymentId: uuidv7() }, tell);
      if (given.outcome === "refused") throw refusal(given);
      const details = {
        bookingId: bookingIds.encode({ id: bookingId, showId }),
        seats: seatIds.toSorted(),
        channel,
      };
      return {
        result: { bookingId },
        action: given.isRepeated ? undefined : { action: "seats given", details },
      };
    });
  };
}

/**
 * A mailbox is a person of its own, known by a keyed digest: nobody gets the tickets of an address by saying that it is theirs. Its
 * tickets are opened by their links.
 */
async function findRecipient(db: Queryable, sealing: Sealing, to: Recipient): Promise<string> {
  if ("userId" in to) {
    const person = await findPerson(db, sealing, to.userId);
    if (person === undefined) throw new DomainError("PERSON_UNKNOWN");
    return person.userId;
  }
  const digest = digestEmail(sealing, to.email).toString("hex");
  const userId = deriveUuid("mailbox", digest);
  await savePerson(db, sealing, { userId, ...to });
  return userId;
}
