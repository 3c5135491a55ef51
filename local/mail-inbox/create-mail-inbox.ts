import { readFileSync } from "node:fs";
import { once } from "node:events";

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { z } from "zod";

import { escapeHtml } from "../../adapters/email/mail-page.ts";
import { createMessageStore } from "./message-store.ts";
import type { MessageStore } from "./message-store.ts";
import { createTemplatePages } from "./template-pages.ts";

/** Takes every mail by SMTP and every text message by HTTP, delivers none, and shows them on a page and as JSON. For one machine only. */
export function createMailInbox({ file }: { file?: string | undefined } = {}) {
  const store = createMessageStore(file);
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: 5 * 1_024 * 1_024,
    onData(stream, _session, done) {
      simpleParser(stream).then(
        (mail) => {
          const recipients = [mail.to ?? []].flat().flatMap(({ value }) => value);
          store.add({
            messageId: mail.messageId ?? "",
            to: recipients.map(({ address }) => (address ?? "").toLowerCase()),
            subject: mail.subject ?? "",
            receivedAt: new Date().toISOString(),
            text: mail.text ?? "",
            html: typeof mail.html === "string" ? mail.html : "",
          });
          done();
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  // A sender died in the middle of a mail, which it sends again; a port that is taken is told by `listen`.
  smtp.on("error", () => undefined);
  const app = createInboxPages(store);
  let web: ReturnType<typeof serve> | undefined;

  return {
    app,
    async listen({
      host = "127.0.0.1",
      smtpPort,
      webPort,
    }: {
      host?: string;
      smtpPort: number;
      webPort: number;
    }) {
      const listening = smtp.listen(smtpPort, host);
      await once(listening, "listening");
      web = serve({ fetch: app.fetch, port: webPort, hostname: host });
      await once(web, "listening");
    },
    async close() {
      await new Promise<void>((resolve) => {
        smtp.close(() => resolve());
      });
      web?.close();
    },
  };
}

function createInboxPages({ add, list }: MessageStore): Hono {
  const page = readFileSync(new URL("inbox.html", import.meta.url), "utf8");
  const style = readFileSync(new URL("inbox.css", import.meta.url), "utf8");
  const script = readFileSync(new URL("inbox.js", import.meta.url), "utf8");
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    context.header("content-security-policy", policy);
    context.header("cache-control", "no-store");
  });
  app.get("/", (context) => context.html(page));
  app.get("/inbox.css", (context) => context.body(style, 200, { "content-type": "text/css" }));
  app.get("/inbox.js", (context) =>
    context.body(script, 200, { "content-type": "text/javascript" }),
  );
  app.get("/api/messages", (context) => {
    const to = context.req.query("to")?.toLowerCase();
    const messages = list().filter((message) => to === undefined || message.to.includes(to));
    return context.json({ messages });
  });
  app.post("/sms", async (context) => {
    const sms = smsSchema.safeParse(await context.req.json());
    if (!sms.success) return context.json({ error: "to, text, reference" }, 400);
    const { to, text, reference } = sms.data;
    const messageId = `sms:${reference}`;
    if (!list().some((message) => message.messageId === messageId)) {
      const html = `<meta name="color-scheme" content="light dark"><p>${escapeHtml(text)}</p>`;
      const receivedAt = new Date().toISOString();
      add({ messageId, to: [to], subject: `Text message: ${text}`, receivedAt, text, html });
    }
    return context.body(null, 202);
  });
  return app.route("/templates", createTemplatePages());
}

/** What adapters/sms sends. */
const smsSchema = z.object({ to: z.string(), text: z.string(), reference: z.string() });

/** A mail is shown in a frame without scripts; its inline styles are all that it needs. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
