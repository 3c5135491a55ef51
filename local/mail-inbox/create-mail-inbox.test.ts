import { appendFileSync } from "node:fs";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createMailer, MailRefused } from "../../adapters/email/create-mailer.ts";
import { ticketsMail } from "../../adapters/email/tickets-mail.ts";
import { freePort } from "../../tests/free-port.ts";
import { createMailInbox } from "./create-mail-inbox.ts";
import { createMessageStore } from "./message-store.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "marquee-inbox-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a mail with tickets is received whole, found by its address, and still there after a restart", async () => {
  const file = join(folder, "mail.jsonl");
  const [smtpPort, webPort] = [await freePort(), await freePort()];
  const inbox = createMailInbox({ file });
  await inbox.listen({ smtpPort, webPort });
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    from: "Marquee <tickets@marquee.example>",
  });
  const link = "https://marquee.example/tickets/tk_1#access";
  await mailer.send({
    ...ticketsMail(
      {
        title: "Tom & Jerry <live>",
        venue: "Odéon, Hall 1",
        city: "Paris",
        timeZone: "Europe/Paris",
        localDate: "2026-12-24",
        localTime: "19:30",
        bookingId: "bk_1",
        total: "€11.00",
        tickets: [{ seat: "Seat A1", link }],
      },
      { language: "en" },
    ),
    to: { name: "Asha", address: "Asha@example.com" },
    messageId: "event-1@marquee",
  });
  await mailer.close();

  const answer = await fetch(`http://127.0.0.1:${webPort}/api/messages?to=asha@EXAMPLE.com`);
  const { messages } = (await answer.json()) as { messages: unknown[] };
  expect(messages).toEqual([
    expect.objectContaining({
      messageId: "<event-1@marquee>",
      to: ["asha@example.com"],
      subject: "Your ticket for Tom & Jerry <live>",
      text: expect.stringContaining(link),
      html: expect.stringContaining("Tom &amp; Jerry &lt;live&gt;"),
    }),
  ]);
  expect(JSON.stringify(messages)).toContain("Thursday, 24 December 2026, 19:30");
  const nobody = await fetch(`http://127.0.0.1:${webPort}/api/messages?to=nobody@example.com`);
  expect(await nobody.json()).toEqual({ messages: [] });
  expect(
    (await fetch(`http://127.0.0.1:${webPort}/`)).headers.get("content-security-policy"),
  ).toMatch(/^default-src 'none'/);
  await inbox.close();

  appendFileSync(file, '{"messageId":"cut sho');
  expect(createMessageStore(file).list()).toEqual(messages);
  expect(createMessageStore(file).list()).toEqual(messages);
});

test("a text message is shown beside the mails, once for each cause", async () => {
  const { app } = createMailInbox();
  const sms = { to: "+4915112345678", text: "Tom & Jerry, tomorrow", reference: "event-2" };
  for (let times = 0; times < 2; times += 1) {
    const answer = await app.request("/sms", { method: "POST", body: JSON.stringify(sms) });
    expect(answer.status).toBe(202);
  }
  const answer = await app.request("/api/messages?to=%2B4915112345678");
  const { messages } = (await answer.json()) as { messages: unknown[] };
  expect(messages).toEqual([
    expect.objectContaining({ messageId: "sms:event-2", text: sms.text, to: [sms.to] }),
  ]);
  const odd = await app.request("/sms", { method: "POST", body: "{}" });
  expect(odd.status).toBe(400);
});

test("the newest thousand mails are kept", () => {
  const file = join(folder, "many.jsonl");
  const store = createMessageStore(file);
  for (let number = 0; number < 1_005; number += 1) {
    store.add({
      messageId: String(number),
      to: [],
      subject: "",
      receivedAt: "",
      text: "",
      html: "",
    });
  }
  for (const list of [store.list(), createMessageStore(file).list()]) {
    expect(list).toHaveLength(1_000);
    expect(list[0]?.messageId).toBe("1004");
  }
});

test("a sender that dies in the middle of a mail does not take the inbox with it", async () => {
  const [smtpPort, webPort] = [await freePort(), await freePort()];
  const inbox = createMailInbox();
  await inbox.listen({ smtpPort, webPort });
  const socket = connect(smtpPort, "127.0.0.1");
  const hears = async (answer: string) => {
    let heard = "";
    while (!heard.includes(answer)) heard += String((await once(socket, "data"))[0]);
  };
  const says = async (line: string, answer: string) => {
    socket.write(`${line}\r\n`);
    await hears(answer);
  };
  await hears("220 ");
  await says("EHLO sender", "250 ");
  await says("MAIL FROM:<a@example.com>", "250 ");
  await says("RCPT TO:<b@example.com>", "250 ");
  await says("DATA", "354 ");
  socket.write("Subject: half a ma");
  socket.resetAndDestroy();

  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${smtpPort}`, from: "m@example.com" });
  const mail = { subject: "whole", html: "h", text: "t", messageId: "m@marquee" };
  await mailer.send({ ...mail, to: { name: "Asha", address: "asha@example.com" } });
  await mailer.close();
  const answer = await fetch(`http://127.0.0.1:${webPort}/api/messages`);
  expect(await answer.json()).toMatchObject({ messages: [{ subject: "whole" }] });
  await inbox.close();
});

test("an address that the mail server refuses for good is told apart from a server that is away", async () => {
  const { SMTPServer } = await import("smtp-server");
  const port = await freePort();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo(_address, _session, done) {
      done(Object.assign(new Error("no such user"), { responseCode: 550 }));
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const mail = {
    to: { name: "Asha", address: "asha@example.com" },
    subject: "s",
    html: "h",
    text: "t",
    messageId: "m@marquee",
  };
  const from = "Marquee <tickets@marquee.example>";
  const refused = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
  await expect(refused.send(mail)).rejects.toThrow(MailRefused);
  await refused.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const away = createMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
  await expect(away.send(mail)).rejects.not.toThrow(MailRefused);
  await away.close();
});
