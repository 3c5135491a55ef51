import { createHmac } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";

import { findRecipient } from "../../adapters/postgres/recipients.ts";
import { addressMark } from "../../adapters/postgres/mail-bounces.ts";
import { savePerson } from "../../adapters/postgres/people.ts";
import { localKeys } from "../../local/local-keys.ts";
import { createMailIds } from "../../platform/mail-ids.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createSlips } from "../../platform/slips.ts";
import { createUnsubscribeSlips } from "../../platform/unsubscribe-slips.ts";
import { writeDeliveryReport } from "../../tests/write-delivery-report.ts";
import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

const path = "/v1/me/notifications";
const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
const slips = createUnsubscribeSlips(localKeys.LINK_KEY);
const everything = {
  ...{ language: null, phone: null, mailReturned: false },
  mail: {
    ...{ tickets: true, refunds: true, changes: true },
    ...{ offers: true, holds: true, reminders: true },
  },
  sms: { changes: false, reminders: false },
};

test("who has chosen nothing is mailed everything and texted nothing; what is chosen stays until the next choice", async () => {
  const { headers } = await edge.signIn();
  expect((await edge.send("GET", path, { headers })).body).toEqual(everything);
  const chosen = {
    ...{ language: "de", phone: "+4915112345678" },
    ...{ mail: { reminders: false }, sms: { changes: true } },
  };
  const put = await edge.send("PUT", path, { headers, json: chosen });
  expect(put.body).toEqual({
    ...{ ...everything, language: "de", phone: "+4915112345678" },
    mail: { ...everything.mail, reminders: false },
    sms: { changes: true, reminders: false },
  });
  expect((await edge.send("GET", path, { headers })).body).toEqual(put.body);
  expect((await edge.send("GET", path, await edge.signIn())).body).toEqual(everything);
  // What a client has read it may send back.
  const { mailReturned: _ours, ...read } = put.body;
  expect((await edge.send("PUT", path, { headers, json: read })).body).toEqual(put.body);
  expect((await edge.send("PUT", path, { headers, json: {} })).body).toEqual(everything);
});

test.each([
  ["tickets turned off", { mail: { tickets: false } }],
  ["refunds turned off", { mail: { refunds: false } }],
  ["changes turned off", { mail: { changes: false } }],
  ["text messages without a phone", { sms: { reminders: true } }],
  ["a phone of words", { phone: "0151 call me" }],
  ["a language that we do not write", { language: "xx" }],
  ["a kind that there is not", { mail: { news: true } }],
])("%s are refused, and nothing is changed", async (_what, json) => {
  const { headers } = await edge.signIn();
  const answer = await edge.send("PUT", path, { headers, json });
  expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
  expect((await edge.send("GET", path, { headers })).body).toEqual(everything);
});

test("one click turns one kind of mail off; looking at the page does not, and twice is as once", async () => {
  const { headers, userId } = await edge.signIn();
  await edge.send("PUT", path, { headers, json: { mail: { holds: false } } });
  const address = `/unsubscribe/${slips.sign({ userId, kind: "reminders" })}`;
  const page = await edge.send("GET", `${address}?language=de`);
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
  expect(page.text).toContain('<html lang="de">');
  expect(page.text).not.toContain("<script");
  const { mail } = (await edge.send("GET", path, { headers })).body;
  expect(mail).toEqual({ ...everything.mail, holds: false });

  for (let times = 0; times < 2; times += 1) {
    // As a mail program does it: no cookie, no origin of ours.
    const click = await edge.send("POST", address, {
      raw: "List-Unsubscribe=One-Click",
      headers: {
        ...{ "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site" },
      },
    });
    expect(click.status).toBe(200);
  }
  expect((await edge.send("GET", path, { headers })).body["mail"]).toEqual({
    ...{ ...everything.mail, holds: false, reminders: false },
  });
});

test.each([
  ["one that was changed", (slip: string) => slip.replace("reminders", "offers")],
  ["one that was cut", (slip: string) => slip.slice(0, -1)],
  ["one of tickets", (_slip: string, userId: string) => slips.sign({ userId, kind: "tickets" })],
  [
    "one of another key",
    (_slip: string, userId: string) =>
      createSlips(localKeys.PASS_KEY).sign("unsubscribe", [userId, "reminders"]),
  ],
])("a link that no mail of ours has, %s, changes nothing", async (_what, change) => {
  const { headers, userId } = await edge.signIn();
  const slip = change(slips.sign({ userId, kind: "reminders" }), userId);
  for (const method of ["GET", "POST"]) {
    expect((await edge.send(method, `/unsubscribe/${slip}`)).status).toBe(403);
  }
  expect((await edge.send("GET", path, { headers })).body).toEqual(everything);
});

type Signing = { secret?: string; at?: number };

const report = (json: object, signing: Signing = {}) =>
  sendSigned(JSON.stringify({ at: new Date().toISOString(), ...json }), signing);

/** As what reads the mailbox of returned mails does. */
const sendBack = (mail: string, signing: Signing = {}) =>
  sendSigned(mail, signing, { "content-type": "message/rfc822" });

function sendSigned(
  raw: string,
  { secret = localKeys.BOUNCE_SECRET, at = Date.now() }: Signing,
  headers: Record<string, string> = {},
) {
  const seconds = Math.floor(at / 1_000);
  const digest = createHmac("sha256", secret).update(`${seconds}.${raw}`).digest("hex");
  return edge.send("POST", "/webhooks/mail-bounces", {
    ...{ raw, headers: { ...headers, "marquee-signature": `t=${seconds},v1=${digest}` } },
  });
}

async function mailed() {
  const { headers, userId } = await edge.signIn();
  const email = `${randomUUID()}@example.com`;
  await savePerson(edge.database.pool, sealing, { userId, email, name: "Asha" });
  return { headers, userId, email };
}

test("a reported hard bounce stops mail to the address, however it is written, until its person has another one", async () => {
  const { headers, userId, email } = await mailed();
  const bounce = { address: email.toUpperCase(), kind: "hard", code: "5.1.1" };
  for (let times = 0; times < 2; times += 1) expect((await report(bounce)).status).toBe(200);
  expect((await edge.send("GET", path, { headers })).body).toMatchObject({ mailReturned: true });
  expect(await findRecipient(edge.database.pool, sealing, userId)).toMatchObject({
    isUnreachable: true,
  });
  await edge.send("PUT", "/v1/me", { headers, json: { email: `new-${email}`, name: "Asha" } });
  expect((await edge.send("GET", path, { headers })).body).toMatchObject({ mailReturned: false });
});

test("a soft one is kept for support, and stops nothing; one of a stranger is taken and means nothing", async () => {
  const { headers, email } = await mailed();
  expect((await report({ address: email, kind: "soft", code: "452" })).status).toBe(200);
  expect((await edge.send("GET", path, { headers })).body).toMatchObject({ mailReturned: false });
  const stranger = { address: "nobody@example.com", kind: "hard", code: "550" };
  expect((await report(stranger)).status).toBe(200);
});

test("reports that are not signed by us, old, or of another shape are refused, and nothing is kept", async () => {
  const { headers, email } = await mailed();
  const bounce = { address: email, kind: "hard", code: "550" };
  const refused = await Promise.all([
    report(bounce, { secret: "another-secret-of-somebody" }),
    report(bounce, { at: Date.now() - 301_000 }),
    report(bounce, { at: Date.now() + 310_000 }),
    edge.send("POST", "/webhooks/mail-bounces", { raw: JSON.stringify(bounce) }),
    report({ ...bounce, code: `550 ${email} is full` }),
    report({ ...bounce, address: "nobody" }),
    report({ ...bounce, at: undefined }),
  ]);
  expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
    ...Array.from({ length: 4 }, () => [400, "WEBHOOK_SIGNATURE_INVALID"]),
    ...Array.from({ length: 3 }, () => [400, "REQUEST_INVALID"]),
  ]);
  expect((await edge.send("GET", path, { headers })).body).toMatchObject({ mailReturned: false });
});

/** The Message-ID of a mail to somebody. */
function idOfMail({ userId, email }: { userId: string; email: string }, key = localKeys.LINK_KEY) {
  const mark = addressMark(sealing, email);
  return `<${createMailIds(key).sign({ eventId: randomUUID(), userId, addressMark: mark })}@marquee>`;
}

const isReturned = async ({ headers }: { headers: Record<string, string> }) =>
  (await edge.send("GET", path, { headers })).body["mailReturned"];

test("a mail that comes back says itself whose it was, whatever address the report is about", async () => {
  const person = await mailed();
  const forwarded = { messageId: idOfMail(person), recipient: "elsewhere@example.net" };
  expect((await sendBack(writeDeliveryReport(forwarded))).status).toBe(200);
  expect(await isReturned(person)).toBe(true);
});

test.each([
  ["late", { action: "delayed", status: "4.4.1" }],
  ["full", { status: "5.2.2", diagnosticCode: "smtp; 552 5.2.2 over quota" }],
])("a report that says %s stops nothing", async (_what, said) => {
  const person = await mailed();
  const mail = writeDeliveryReport({ messageId: idOfMail(person), ...said });
  expect((await sendBack(mail)).status).toBe(200);
  expect(await isReturned(person)).toBe(false);
});

test("a report about a mail that we have not sent, to an address of before, or no report at all, is taken and means nothing", async () => {
  const person = await mailed();
  const before = { userId: person.userId, email: `old-${person.email}` };
  const recipient = person.email;
  const mails = [
    writeDeliveryReport({ messageId: `<${randomUUID()}@marquee>`, recipient }),
    writeDeliveryReport({ messageId: idOfMail(person, localKeys.PASS_KEY), recipient }),
    writeDeliveryReport({ messageId: idOfMail(before), recipient }),
    `Subject: Away\r\n\r\nBack on Monday. ${idOfMail(person)}`,
  ];
  for (const mail of mails) expect((await sendBack(mail)).status).toBe(200);
  const unsigned = await sendBack(writeDeliveryReport({ messageId: idOfMail(person) }), {
    secret: "another-secret-of-somebody",
  });
  expect(unsigned).toMatchObject({ status: 400, body: { code: "WEBHOOK_SIGNATURE_INVALID" } });
  expect(await isReturned(person)).toBe(false);
});

test("support sees what has come back from an address and lets mail go there again, until the next one comes back", async () => {
  const person = await mailed();
  const support = await edge.signIn(randomUUID(), ["support"]);
  const ask = (verb: string, asker: { headers: Record<string, string> } = support) =>
    edge.send("POST", `/v1/support/bounces/${verb}`, {
      ...{ headers: asker.headers, json: { address: person.email.toUpperCase() } },
    });
  expect((await ask("find")).body).toEqual({ bounces: [] });
  const messageId = idOfMail(person);
  const mail = writeDeliveryReport({ messageId });
  await sendBack(mail);
  for (const verb of ["find", "lift"]) {
    expect(await ask(verb, person)).toMatchObject({ status: 403, body: { code: "SUPPORT_ONLY" } });
  }
  const kept = { userId: person.userId, kind: "hard", code: "5.1.1" };
  expect((await ask("find")).body["bounces"]).toMatchObject([
    { ...kept, liftedAt: null, liftedBy: null },
  ]);

  expect((await ask("lift")).body).toEqual({ lifted: 1 });
  expect((await ask("lift")).body).toEqual({ lifted: 0 });
  expect(await isReturned(person)).toBe(false);
  expect((await ask("find")).body["bounces"]).toMatchObject([
    { ...kept, liftedAt: expect.any(String), liftedBy: support.userId },
  ]);
  // The same report, late or once more: not news, in whichever form it comes.
  const at = new Date(Date.now() - 60_000);
  expect((await sendBack(mail)).status).toBe(200);
  const late = { address: person.email, kind: "hard", code: "5.1.1", at: at.toISOString() };
  expect((await report(late)).status).toBe(200);
  expect(await isReturned(person)).toBe(false);
  expect((await ask("find")).body["bounces"]).toMatchObject([
    { ...kept, liftedAt: expect.any(String), liftedBy: support.userId },
  ]);

  // Reports tell the second, so one of the same second as the lift would be taken for older.
  await sendBack(writeDeliveryReport({ messageId, date: new Date(Date.now() + 1_000) }));
  expect(await isReturned(person)).toBe(true);
  expect((await ask("find")).body["bounces"]).toMatchObject([{ ...kept, liftedAt: null }]);

  await ask("lift");
  await report({ ...late, at: new Date(Date.now() + 1_000).toISOString() });
  expect(await isReturned(person)).toBe(true);
  await ask("lift");
  await sendBack(writeDeliveryReport({ messageId }).replace(/Date: .*\r\n/, ""));
  expect(await isReturned(person)).toBe(true);
});
