import type { Language } from "../../domain/notices.ts";

/** Who reads a mail, as far as the mail looks different for it. */
export type Reader = {
  language: Language;
  /** The page where this kind of mail is turned off; left out where it cannot be. */
  unsubscribeUrl?: string | undefined;
};

/** What a mail says: the same in both. */
export type MailContent = { subject: string; html: string; text: string };
