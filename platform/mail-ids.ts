import { createSlips } from "./slips.ts";

/**
 * Names mails (the part of a Message-ID before the "@"). A mail that comes back names itself by it: whose it was and at which of their
 * addresses, under our own seal, because anybody may write a report about anybody.
 */
export type MailIds = {
  sign(mail: SentMail): string;
  /** Of a whole Message-ID. undefined: no mail of ours. */
  read(messageId: string): SentMail | undefined;
};

/** `addressMark`: the beginning of the address's keyed digest in hex. */
export type SentMail = { eventId: string; userId: string; addressMark: string };

/** `linkKey` is 32 bytes in base64. */
export function createMailIds(linkKey: string): MailIds {
  const slips = createSlips(linkKey);
  return {
    sign: ({ eventId, userId, addressMark }) => slips.sign("mail", [eventId, userId, addressMark]),
    read(messageId) {
      const slip = /^<?([\w.-]{1,300})@/.exec(messageId)?.[1] ?? "";
      const [eventId, userId, addressMark] = slips.read("mail", slip) ?? [];
      const isWhole = eventId !== undefined && userId !== undefined && addressMark !== undefined;
      return isWhole ? { eventId, userId, addressMark } : undefined;
    },
  };
}
