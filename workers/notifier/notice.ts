import type { Mail } from "../../adapters/email/create-mailer.ts";
import type { listAreas, StoredShow } from "../../adapters/postgres/catalogue.ts";
import type { Queryable } from "../../adapters/postgres/pool.ts";
import type { TicketLinks } from "../../platform/ticket-links.ts";
import type { TicketSigning } from "../../platform/ticket-signing.ts";

/** What one person is told for one cause. */
export type Notice = {
  /** The cause: an event, or a refund. Whatever has the same one is sent once. */
  eventId: string;
  showId: string;
  userId: string;
  write(show: ShowAtHand): MailContent | Promise<MailContent>;
};

export type MailContent = Pick<Mail, "subject" | "html" | "text" | "attachments">;

/** The show of a notice, as it is now. */
export type ShowAtHand = { show: StoredShow; areas: Areas };

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
};
