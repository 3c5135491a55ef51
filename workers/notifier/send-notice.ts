import type { Reader } from "../../adapters/email/reader.ts";
import { UnusableEvent } from "../../adapters/kafka/follow-events.ts";
import { getShow, listAreas } from "../../adapters/postgres/catalogue.ts";
import { findRecipient } from "../../adapters/postgres/recipients.ts";
import type { Recipient } from "../../adapters/postgres/recipients.ts";
import { isOptional } from "../../domain/notices.ts";
import type { Notice } from "./notice.ts";
import type { NoticeChannels } from "./notice-channels.ts";
import { sendMailOnce } from "./send-mail-once.ts";
import { sendTextOnce } from "./send-text-once.ts";

/** Tells somebody by mail, and by text message if they want it. Each is tried for itself, and each is sent once. */
export async function sendNotice(notice: Notice, channels: NoticeChannels): Promise<void> {
  const { showId, userId, kind } = notice;
  const { pool, sealing, count } = channels;
  const [show, recipient] = await Promise.all([
    notice.show ?? getShow(pool, showId),
    findRecipient(pool, sealing, userId),
  ]);
  if (show === undefined) throw new UnusableEvent(`No show ${showId}`);
  if (recipient === undefined) {
    // Who has let go of seats may never have said where they are to be reached, and misses nothing that is theirs.
    if (isOptional(kind)) return count("unreachable");
    throw new UnusableEvent(`Nobody has told us how to reach ${userId}`);
  }
  const areas = await listAreas(pool, show.layoutHash);
  const view = { show, areas, reader: readerOf(notice, recipient, channels) };

  const outcomes = await Promise.allSettled([
    sendMailOnce({ notice, recipient, view }, channels),
    sendTextOnce({ notice, recipient, view }, channels),
  ]);
  // What passes is tried again first: a mail that nobody will ever take must not park a text message that was merely late.
  const errors = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const error = errors.find((one) => !(one instanceof UnusableEvent)) ?? errors[0];
  if (error !== undefined) throw error;
}

function readerOf(
  { userId, kind }: Notice,
  { choices }: Recipient,
  { defaultLanguage, unsubscribeUrl }: NoticeChannels,
): Reader {
  const language = choices.language ?? defaultLanguage;
  return {
    language,
    unsubscribeUrl: isOptional(kind) ? unsubscribeUrl({ userId, kind, language }) : undefined,
  };
}
