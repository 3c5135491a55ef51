import { readFileSync } from "node:fs";
import { once } from "node:events";

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

import { createMessageStore } from "./message-store.ts";
import type { Message } from "./message-store.ts";

/** Takes every mail by SMTP, delivers none, and shows them on a page and as JSON. For one machine only. */
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
  const app = createInboxPages(store.list);
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

function createInboxPages(list: () => Message[]): Hono {
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
  return app;
}

/** A mail is shown in a frame without scripts; its inline styles are all that it needs. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
