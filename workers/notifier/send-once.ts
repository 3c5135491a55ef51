import { MailPostponed, MailRefused } from "../../adapters/email/create-mailer.ts";
import type { Mailer } from "../../adapters/email/create-mailer.ts";
import { UnusableEvent } from "../../adapters/kafka/follow-events.ts";
import { getShow, listAreas } from "../../adapters/postgres/catalogue.ts";
import {
  abandonDelivery,
  beginDelivery,
  markDelivered,
} from "../../adapters/postgres/deliveries.ts";
import { findPerson } from "../../adapters/postgres/people.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { Sealing } from "../../platform/sealing.ts";
import type { Notice } from "./notice.ts";

/** Some ten minutes: a mailbox that is full for so long must not hold up the others. */
const postponedTriesMax = 120;

/**
 * One mail for each notice, however often it comes and whoever has it. A crash between sending and noting it sends the mail again:
 * under the same message id, so that mail programs show it once. Returns whether it was sent now.
 */
export async function sendOnce(
  { eventId, showId, userId, write }: Notice,
  { pool, sealing, mailer }: { pool: Queryable; sealing: Sealing; mailer: Mailer },
): Promise<boolean> {
  const delivery = { showId, eventId, channel: "mail" } as const;
  const [show, person] = await Promise.all([
    getShow(pool, showId),
    findPerson(pool, sealing, userId),
  ]);
  if (show === undefined) throw new UnusableEvent(`No show ${showId}`);
  if (person === undefined) throw new UnusableEvent(`Nobody has told us how to reach ${userId}`);
  const areas = await listAreas(pool, show.layoutHash);
  const begun = await beginDelivery(pool, delivery);
  if (begun.outcome === "sent") return false;
  // Or has died while sending. Then the claim is soon old.
  if (begun.outcome === "claimed") throw new Error(`Another notifier is sending ${eventId}`);

  try {
    const content = await write({ show, areas });
    const to = { name: person.name, address: person.email };
    await mailer.send({ ...content, to, messageId: `${eventId}@marquee` });
  } catch (error) {
    // When that fails too, the next try waits until the claim is old.
    await abandonDelivery(pool, delivery).catch(() => undefined);
    const isPostponedForLong =
      error instanceof MailPostponed && begun.attempts >= postponedTriesMax;
    if (error instanceof MailRefused || isPostponedForLong) throw new UnusableEvent(error.message);
    throw error;
  }
  await markDelivered(pool, delivery);
  return true;
}
