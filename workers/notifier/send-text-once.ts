import {
  beginDelivery,
  markDelivered,
  retractDelivery,
} from "../../adapters/postgres/deliveries.ts";
import type { Recipient } from "../../adapters/postgres/recipients.ts";
import { TextNotTaken, TextRefused } from "../../adapters/sms/create-sms-sender.ts";
import type { Notice, NoticeView } from "./notice.ts";
import type { NoticeChannels } from "./notice-channels.ts";

/** Some ten seconds: the mail says the same, and mails of others wait behind this one. */
const triesMax = 3;

/**
 * At most one text message for each notice, to those who want it: it costs money, wakes people, and a phone shows a second one. So it
 * is noted as sent before it is, and only a provider that has certainly not taken it is asked again.
 */
export async function sendTextOnce(
  { notice, recipient, view }: { notice: Notice; recipient: Recipient; view: NoticeView },
  { pool, sms, count }: NoticeChannels,
): Promise<void> {
  const { showId, eventId, kind, text } = notice;
  const { phone, textsOn } = recipient.choices;
  if (sms === undefined || text === undefined || phone === null) return;
  if (!textsOn.some((on) => on === kind)) return;
  const delivery = { showId, eventId, channel: "sms" } as const;
  const begun = await beginDelivery(pool, delivery);
  if (begun.outcome === "sent") return;
  if (begun.outcome === "claimed") throw new Error(`Another notifier is texting ${eventId}`);

  const message = text(view);
  await markDelivered(pool, delivery);
  try {
    await sms.send({ to: phone, text: message, reference: eventId });
    count("texted");
  } catch (error) {
    if (error instanceof TextNotTaken && begun.attempts < triesMax) {
      await retractDelivery(pool, delivery);
      throw error;
    }
    const isLost = !(error instanceof TextNotTaken || error instanceof TextRefused);
    count(isLost ? "text_lost" : "text_refused");
  }
}
