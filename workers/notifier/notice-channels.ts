import type { Mailer } from "../../adapters/email/create-mailer.ts";
import type { Pool } from "../../adapters/postgres/pool.ts";
import type { SmsSender } from "../../adapters/sms/create-sms-sender.ts";
import type { Language } from "../../domain/notices.ts";
import type { MailIds } from "../../platform/mail-ids.ts";
import type { Sealing } from "../../platform/sealing.ts";

/** The ways to people. */
export type NoticeChannels = {
  pool: Pool;
  sealing: Sealing;
  mailer: Mailer;
  /** undefined: nobody is sent text messages. */
  sms: SmsSender | undefined;
  mailIds: Pick<MailIds, "sign">;
  /** Of those who have not chosen one. */
  defaultLanguage: Language;
  /** Where this person turns this kind of mail off. */
  unsubscribeUrl(order: { userId: string; kind: string; language: Language }): string;
  count(outcome: NoticeOutcome): void;
};

/** `text_lost`: nobody knows what has become of it, and it is not sent again. */
export type NoticeOutcome =
  "mailed" | "turned_off" | "unreachable" | "bounced" | "texted" | "text_refused" | "text_lost";
