import type { Mail } from "../../adapters/email/create-mailer.ts";
import type { MailContent, Reader } from "../../adapters/email/reader.ts";
import type { listAreas, StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { NoticeKind } from "../../domain/notices.ts";
import type { TicketLinks } from "../../platform/ticket-links.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";

/** What one person is told for one cause. */
export type Notice = {
  /** The cause: an event, or a refund. Whatever has the same one is sent once. */
  eventId: string;
  showId: string;
  userId: string;
  kind: NoticeKind;
  /** As it was read to decide on this notice; left out: nobody has read it yet. */
  show?: StoredShow;
  write(view: NoticeView): NoticeMail | Promise<NoticeMail>;
  /** The same in one sentence, for those who want a text message too. */
  text?(view: NoticeView): string;
};

export type NoticeMail = MailContent & Pick<Mail, "attachments">;

/** The show of a notice, as it is now, and who reads it. */
export type NoticeView = { show: StoredShow; areas: Areas; reader: Reader };

export type Areas = Awaited<ReturnType<typeof listAreas>>;

/** What notices are written with. */
export type NoticeTools = {
  pool: Queryable;
  links: TicketLinks;
  signing: TicketSigning;
  /** Where buyers reach the API. */
  publicUrl: string;
  /** The page where offers are paid for. */
  offerUrl: string | undefined;
  /** The page where seats are chosen; `{show}` in it is the show's id. */
  shopUrl: string | undefined;
};
