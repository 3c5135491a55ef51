import { MailPostponed, MailRefused } from "../../adapters/email/create-mailer.ts";
import { UnusableEvent } from "../../adapters/kafka/follow-events.ts";
import {
  abandonDelivery,
  beginDelivery,
  markDelivered,
} from "../../adapters/postgres/deliveries.ts";
import { addressMark, recordBounce } from "../../adapters/postgres/mail-bounces.ts";
import type { Recipient } from "../../adapters/postgres/recipients.ts";
import { isOptional } from "../../domain/notices.ts";
import type { Notice, NoticeView } from "./notice.ts";
import type { NoticeChannels } from "./notice-channels.ts";

/** Some ten minutes: a mailbox that is full for so long, or a mail that cannot be written, must not hold up the others. */
const triesMax = 120;

/**
 * One mail for each notice, however often it comes and whoever has it. A crash between sending and noting it sends the mail again:
 * under the same message id, so that mail programs show it once.
 */
export async function sendMailOnce(
  { notice, recipient, view }: { notice: Notice; recipient: Recipient; view: NoticeView },
  channels: NoticeChannels,
): Promise<void> {
  const { pool, sealing, mailer, mailIds, count } = channels;
  const { showId, eventId, userId, kind } = notice;
  const { person, choices, isUnreachable } = recipient;
  if (isOptional(kind) && choices.mailsOff.includes(kind)) return count("turned_off");
  if (isUnreachable) {
    count("unreachable");
    // What is theirs is kept for the day on which they have another address.
    if (!isOptional(kind)) throw new UnusableEvent(`Mail to ${userId} comes back`);
    return;
  }
  const delivery = { showId, eventId, channel: "mail" } as const;
  const mark = addressMark(sealing, person.email);
  const begun = await beginDelivery(pool, delivery);
  if (begun.outcome === "sent") return;
  // Or has died while sending. Then the claim is soon old.
  if (begun.outcome === "claimed") throw new Error(`Another notifier is sending ${eventId}`);

  let isWritten = false;
  try {
    const content = await notice.write(view);
    isWritten = true;
    await mailer.send({
      ...content,
      to: { name: person.name, address: person.email },
      messageId: `${mailIds.sign({ eventId, userId, addressMark: mark })}@marquee`,
      unsubscribeUrl: view.reader.unsubscribeUrl,
    });
  } catch (error) {
    // When that fails too, the next try waits until the claim is old.
    await abandonDelivery(pool, delivery).catch(() => undefined);
    if (error instanceof MailRefused && error.addressCode !== undefined) {
      await recordBounce(pool, { from: { userId }, isHard: true, code: error.addressCode });
      count("bounced");
    }
    if (error instanceof MailRefused) throw new UnusableEvent(error.message);
    const isOfThisMail = error instanceof MailPostponed || !isWritten;
    if (isOfThisMail && begun.attempts >= triesMax)
      throw new UnusableEvent(error instanceof Error ? error.message : String(error));
    throw error;
  }
  await markDelivered(pool, delivery);
  count("mailed");
}
