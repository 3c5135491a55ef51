import { createTransport } from "nodemailer";

export type Mail = {
  to: { name: string; address: string };
  subject: string;
  html: string;
  text: string;
  /** Names the cause: a mail that is sent twice for one cause has one id, and mail programs show it once. */
  messageId: string;
};

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
    async send({ messageId, ...mail }) {
      await transport.sendMail({ ...mail, from: options.from, messageId: `<${messageId}>` });
    },
    async close() {
      transport.close();
    },
  };
}
