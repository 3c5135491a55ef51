import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { simpleParser } from "mailparser";
import type { ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";
import { uuidv7 as uuid } from "uuidv7";

import { createMailer } from "../../adapters/email/create-mailer.ts";
import type { Mailer } from "../../adapters/email/create-mailer.ts";
import { UnusableEvent } from "../../adapters/kafka/follow-events.ts";
import { saveNoticeChoices } from "../../adapters/postgres/notice-choices.ts";
import { addressMark, listBounces } from "../../adapters/postgres/mail-bounces.ts";
import { savePerson } from "../../adapters/postgres/people.ts";
import { createSmsSender } from "../../adapters/sms/create-sms-sender.ts";
import { noChoices } from "../../domain/notices.ts";
import type { NoticeChoices, NoticeKind } from "../../domain/notices.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createMailIds } from "../../platform/mail-ids.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { plantShow } from "../../tests/plant-show.ts";
import type { Notice } from "./notice.ts";
import type { NoticeOutcome } from "./notice-channels.ts";
import { sendNotice } from "./send-notice.ts";

// One notice and one person at a time, with a mail server and a provider of text messages that do as they are told.

const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
const mailIds = createMailIds(localKeys.LINK_KEY);
const phone = "+4915112345678";
let database: TestDatabase;
let showId: string;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let texts: Awaited<ReturnType<typeof startTextProvider>>;
let mailer: Mailer;

beforeAll(async () => {
  [database, mail, texts] = await Promise.all([
    createDatabase(),
    startMailServer(),
    startTextProvider(),
  ]);
  showId = await plantShow(database.pool);
  mailer = createMailer({ smtpUrl: mail.url, from: "Marquee <tickets@marquee.example>" });
});
afterAll(async () => {
  await mailer?.close();
  mail?.close();
  texts?.close();
  await database?.drop();
});
beforeEach(() => {
  mail.answer = () => undefined;
  texts.answer = () => 202;
});

async function somebody(chosen: Partial<NoticeChoices> = {}) {
  const userId = uuid();
  await savePerson(database.pool, sealing, {
    userId,
    email: `${userId}@example.com`,
    name: "Asha",
  });
  await saveNoticeChoices(database.pool, sealing, { ...noChoices, ...chosen, userId });
  return userId;
}

function notice(userId: string, kind: NoticeKind): Notice {
  return {
    ...{ eventId: uuid(), showId, userId, kind },
    write: ({ reader }) => ({
      subject: `In ${reader.language}`,
      html: "<p>hello</p>",
      text: "hello",
    }),
    text: ({ show, reader }) => `${show.title.name} in ${reader.language}`,
  };
}

/** Says what has become of it. */
async function send(one: Notice): Promise<NoticeOutcome[]> {
  const outcomes: NoticeOutcome[] = [];
  await sendNotice(one, {
    ...{ pool: database.pool, sealing, mailer, mailIds, defaultLanguage: "en" },
    sms: createSmsSender({ url: texts.url, token: "local-token-of-tests" }),
    unsubscribeUrl: ({ userId, kind }) => `https://tickets.test/unsubscribe/${userId}.${kind}`,
    count: (outcome) => void outcomes.push(outcome),
  });
  return outcomes;
}

test("a mail is in the language that somebody has chosen, else in the house's own", async () => {
  const [german, other] = [await somebody({ language: "de" }), await somebody()];
  for (const userId of [german, other])
    expect(await send(notice(userId, "tickets"))).toEqual(["mailed"]);
  expect(mail.to(german).map(({ subject }) => subject)).toEqual(["In de"]);
  expect(mail.to(other).map(({ subject }) => subject)).toEqual(["In en"]);
});

test("what somebody has turned off is not mailed; tickets, refunds and changes are, whatever a row says", async () => {
  const userId = await somebody({ mailsOff: ["reminders", "holds", "offers"] });
  await database.pool.query(
    "update notice_choices set mails_off = mails_off || array['tickets', 'refunds', 'changes'] where user_id = $1",
    [userId],
  );
  for (const kind of ["reminders", "holds", "offers"] as const) {
    expect(await send(notice(userId, kind))).toEqual(["turned_off"]);
  }
  for (const kind of ["tickets", "refunds", "changes"] as const) {
    expect(await send(notice(userId, kind))).toEqual(["mailed"]);
  }
  expect(mail.to(userId)).toHaveLength(3);
});

test("mails that can be turned off carry one click for it, and others do not", async () => {
  const userId = await somebody();
  await send(notice(userId, "reminders"));
  await send(notice(userId, "tickets"));
  const [reminder, tickets] = mail.to(userId);
  const header = (one: ParsedMail | undefined, name: string) =>
    one?.headerLines.find(({ key }) => key === name)?.line.replaceAll(/\s+/g, " ");
  expect(header(reminder, "list-unsubscribe")).toBe(
    `List-Unsubscribe: <https://tickets.test/unsubscribe/${userId}.reminders>`,
  );
  expect(header(reminder, "list-unsubscribe-post")).toBe(
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
  );
  expect(header(tickets, "list-unsubscribe")).toBeUndefined();
});

test("an address that does not exist is remembered and gets nothing more, what is its person's is parked, and it is forgotten with the next one", async () => {
  const userId = await somebody();
  mail.answer = (step) => (step === "rcpt" ? 550 : undefined);
  await expect(send(notice(userId, "tickets"))).rejects.toThrow(UnusableEvent);
  mail.answer = () => undefined;
  expect(await send(notice(userId, "reminders"))).toEqual(["unreachable"]);
  await expect(send(notice(userId, "refunds"))).rejects.toThrow(UnusableEvent);
  expect(await listBounces(database.pool, { userId, limit: 10 })).toEqual([
    expect.objectContaining({ userId, isHard: true, code: "550", isPresent: true }),
  ]);
  expect(mail.to(userId)).toEqual([]);

  await savePerson(database.pool, sealing, {
    userId,
    email: `new-${userId}@example.com`,
    name: "Asha",
  });
  expect(await send(notice(userId, "tickets"))).toEqual(["mailed"]);
  expect(await listBounces(database.pool, { userId, limit: 10 })).toEqual([
    expect.objectContaining({ isPresent: false }),
  ]);
});

test.each([
  ["spam, it says, in answer to the mail", "data", 554],
  ["a mail that is too large", "data", 552],
  ["we may not send here", "rcpt", 554],
  ["a policy against us", "rcpt", "550 5.7.1"],
] as const)("control: %s is no word about the address", async (_what, step, code) => {
  const userId = await somebody();
  mail.answer = (at) => (at === step ? code : undefined);
  await expect(send(notice(userId, "tickets"))).rejects.toThrow(UnusableEvent);
  expect(await listBounces(database.pool, { userId, limit: 10 })).toEqual([]);
  mail.answer = () => undefined;
  expect(await send(notice(userId, "tickets"))).toEqual(["mailed"]);
});

test("a mail server that fails before it has the mail gets it once; one that fails behind it, again under the same id", async () => {
  const [before, behind] = [
    notice(await somebody(), "tickets"),
    notice(await somebody(), "tickets"),
  ];
  mail.answer = (step) => (step === "rcpt" ? 451 : undefined);
  await expect(send(before)).rejects.toThrow("The mail server waits: 451");
  mail.answer = () => undefined;
  expect(await send(before)).toEqual(["mailed"]);
  expect(await send(before)).toEqual([]);
  expect(mail.to(before.userId)).toHaveLength(1);

  mail.answer = (step) => (step === "data" ? "hang up" : undefined);
  await expect(send(behind)).rejects.toThrow("Connection closed");
  mail.answer = () => undefined;
  expect(await send(behind)).toEqual(["mailed"]);
  const ids = mail.to(behind.userId).map(({ messageId }) => messageId);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  // If it comes back, it says whose it was.
  const address = `${behind.userId}@example.com`;
  expect(mailIds.read(ids[0] ?? "")).toEqual({
    ...{ eventId: behind.eventId, userId: behind.userId },
    addressMark: addressMark(sealing, address),
  });
});

test("somebody whom we do not know is told nothing that could be turned off; what is theirs is parked for support", async () => {
  expect(await send(notice(uuid(), "holds"))).toEqual(["unreachable"]);
  await expect(send(notice(uuid(), "tickets"))).rejects.toThrow(UnusableEvent);
});

test("a text message goes to those alone who want it, and once", async () => {
  const wants = await somebody({ phone, textsOn: ["changes"], language: "de" });
  const change = notice(wants, "changes");
  expect((await send(change)).toSorted()).toEqual(["mailed", "texted"]);
  expect(await send(change)).toEqual([]);
  expect(texts.of(change)).toEqual([
    { to: phone, text: "Test title in de", reference: change.eventId },
  ]);
  for (const userId of [
    wants,
    await somebody({ phone }),
    await somebody({ textsOn: ["reminders"] }),
  ]) {
    expect(await send(notice(userId, "reminders"))).toEqual(["mailed"]);
  }
});

test("a provider of text messages that says no, or not now, or nothing: never two, and no mail waits for it long", async () => {
  const userId = await somebody({ phone, textsOn: ["changes"] });
  const busy = notice(userId, "changes");
  texts.answer = () => 503;
  await expect(send(busy)).rejects.toThrow("Not taken now");
  texts.answer = () => 202;
  expect(await send(busy)).toEqual(["texted"]);

  const away = notice(userId, "changes");
  texts.answer = () => 503;
  await expect(send(away)).rejects.toThrow("Not taken now");
  await expect(send(away)).rejects.toThrow("Not taken now");
  expect(await send(away)).toEqual(["text_refused"]);
  expect(await send(away)).toEqual([]);

  for (const [status, outcome] of [
    [400, "text_refused"],
    [500, "text_lost"],
    ["hang up", "text_lost"],
  ] as const) {
    const one = notice(userId, "changes");
    texts.answer = () => status;
    expect((await send(one)).toSorted()).toEqual(["mailed", outcome]);
    texts.answer = () => 202;
    expect(await send(one)).toEqual([]);
    expect(texts.of(one)).toHaveLength(1);
  }
});

test("whoever cannot be reached by mail still gets the text message that they wanted", async () => {
  const userId = await somebody({ phone, textsOn: ["changes"] });
  mail.answer = (step) => (step === "rcpt" ? 550 : undefined);
  const one = notice(userId, "changes");
  await expect(send(one)).rejects.toThrow(UnusableEvent);
  expect(texts.of(one)).toHaveLength(1);
});

test("a phone and a bounced address stand in no column in clear", async () => {
  const userId = await somebody({ phone, textsOn: ["changes"] });
  mail.answer = (step) => (step === "rcpt" ? 550 : undefined);
  await expect(send(notice(userId, "tickets"))).rejects.toThrow(UnusableEvent);
  const { rows } = await database.pool.query<{ row: string }>(
    "select c::text || encode(c.phone_sealed, 'escape') as row from notice_choices c union all select b::text from mail_bounces b",
  );
  expect(rows.length).toBeGreaterThan(1);
  expect(JSON.stringify(rows)).not.toMatch(/15112345678|example[.]com/);
});

type Misbehaviour = number | "550 5.7.1" | "hang up" | undefined;

async function startMailServer() {
  const came: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo: (_address, _session, callback) => callback(fault(mailServer.answer("rcpt"))),
    onData(stream, _session, callback) {
      void simpleParser(stream).then((parsed) => {
        const answer = mailServer.answer("data");
        if (typeof answer !== "number") came.push(parsed);
        if (answer !== "hang up") callback(fault(answer));
        else
          for (const { _socket: socket } of server.connections as Set<SmtpConnection>)
            socket.destroy();
      });
    },
  });
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const mailServer = {
    answer: (_step: "rcpt" | "data"): Misbehaviour => undefined,
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    to: (userId: string) => came.filter(({ to }) => JSON.stringify(to).includes(userId)),
    close: () => server.close(),
  };
  return mailServer;
}

type SmtpConnection = { _socket: { destroy(): void } };

function fault(answer: Misbehaviour): Error | null {
  if (answer === "550 5.7.1") {
    return Object.assign(new Error("5.7.1 Not from you"), { responseCode: 550 });
  }
  if (typeof answer !== "number") return null;
  return Object.assign(new Error("As told"), { responseCode: answer });
}

async function startTextProvider() {
  const asked: { to: string; text: string; reference: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const answer = provider.answer();
      asked.push(JSON.parse(body) as (typeof asked)[number]);
      if (typeof answer === "number") response.writeHead(answer).end();
      else request.destroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const provider = {
    answer: (): Misbehaviour => 202,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    of: ({ eventId }: Notice) => asked.filter(({ reference }) => reference === eventId),
    close: () => server.close(),
  };
  return provider;
}
