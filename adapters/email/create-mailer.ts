import { createTransport } from "nodemailer";

export type Mail = {
  to: { name: string; address: string };
  subject: string;
  html: string;
  text: string;
  attachments?: MailAttachment[];
  /** Names the cause: a mail that is sent twice for one cause has one id, and mail programs show it once. */
  messageId: string;
  /** Where one POST turns this kind of mail off (RFC 8058); mail programs show a button for it. */
  unsubscribeUrl?: string | undefined;
};

export type MailAttachment = { filename: string; contentType: string; content: Buffer | string };

/** The mail server will never take this mail: its address is wrong, say. Trying again would only hold up the others. */
export class MailRefused extends Error {
  /** What the server says of the address itself, by its code; undefined: it speaks of this mail. */
  readonly addressCode: string | undefined;
  constructor(code: number | string, addressCode: string | undefined) {
    // The server's own words may repeat the address: they stay out of logs, the code says enough.
    super(`The mail server refused: ${code}`);
    this.addressCode = addressCode;
  }
}

/** The mail server does not take it for this address now: the mailbox is full, say. It may later. */
export class MailPostponed extends Error {}

export type Mailer = { send(mail: Mail): Promise<void>; close(): Promise<void> };

/** Sends by SMTP, three connections at the most, each step bounded. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 15_000,
  });
  return {
    async send({ messageId, unsubscribeUrl, ...mail }) {
      const headers = unsubscribeUrl === undefined ? {} : unsubscribeHeaders(unsubscribeUrl);
      try {
        await transport.sendMail({
          ...{ ...mail, headers, from: options.from, messageId: `<${messageId}>` },
        });
      } catch (error) {
        const code = refusalOf(error);
        if (code !== undefined) throw new MailRefused(code, addressCodeOf(error, code));
        const postponed = postponementOf(error);
        if (postponed !== undefined) throw new MailPostponed(`The mail server waits: ${postponed}`);
        throw error;
      }
    },
    async close() {
      transport.close();
    },
  };
}

function unsubscribeHeaders(url: string): Record<string, string> {
  return {
    "List-Unsubscribe": `<${url}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/**
 * No such mailbox (550), moved away (551), no such name (553), and said of the recipient. 552 and 554 are about a mail, and 5.7.1 in
 * the words behind the code about us: we may not send there.
 */
function addressCodeOf(error: unknown, code: number | string): string | undefined {
  if (!(error instanceof Error) || !addressCodes.has(code)) return undefined;
  const isOfRecipient = "command" in error && error.command === "RCPT TO";
  const isPolicy = "response" in error && /^\d{3}[ -]5\.7\./.test(String(error.response));
  return isOfRecipient && !isPolicy ? String(code) : undefined;
}

const addressCodes = new Set<number | string>([550, 551, 553]);

/**
 * 550–554 speak of this mail, and so does our own mailer when it finds no address to send to. Other codes from 500 on (bad
 * login, TLS wanted) speak of us, and mend when we do.
 */
function refusalOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("command" in error && error.command === "API") return "no valid address";
  if (!("responseCode" in error)) return undefined;
  const { responseCode } = error;
  const isForGood = typeof responseCode === "number" && responseCode >= 550 && responseCode <= 554;
  return isForGood ? responseCode : undefined;
}

/** 4xx in answer to the address speaks of the address; anywhere else it speaks of the server. */
function postponementOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("responseCode" in error) || !("command" in error))
    return undefined;
  const { responseCode, command } = error;
  const isPostponed =
    command === "RCPT TO" &&
    typeof responseCode === "number" &&
    responseCode >= 400 &&
    responseCode < 500;
  return isPostponed ? responseCode : undefined;
}
