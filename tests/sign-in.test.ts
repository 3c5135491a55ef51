import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "@jest/globals";

import { createSealing } from "../platform/sealing.ts";
import { findPerson } from "../adapters/postgres/people.ts";
import { localKeys } from "../local/local-keys.ts";
import { eventually } from "./eventually.ts";
import { readDatabase } from "./personal-data/read-database.ts";
import { readRedis } from "./personal-data/read-redis.ts";
import { readCode } from "./read-code.ts";
import { startSystem } from "./system.ts";
import type { System } from "./system.ts";

/** Mailboxes are counted in the Redis that all tests share. */
const run = randomBytes(4).toString("hex");

let system: System;
beforeAll(async () => {
  system = await startSystem(["api", "signIn", "identity", "inbox"], { LOG_LEVEL: "debug" });
}, 60_000);
afterAll(() => system.close(), 30_000);

async function ask(
  method: string,
  path: string,
  options: { json?: unknown; cookie?: string } = {},
) {
  const { json, cookie } = options;
  const response = await fetch(`${system.addresses.api}${path}`, {
    method,
    headers: {
      ...(json !== undefined && { "content-type": "application/json" }),
      ...(cookie !== undefined && { cookie }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  const body = (text === "" ? {} : JSON.parse(text)) as Record<string, string>;
  return { status: response.status, headers: response.headers, body };
}

async function beginSession(email: string, language?: string) {
  await ask("POST", "/v1/session/code", { json: { email } });
  const code = await readCode(system.addresses.inbox, email);
  const begun = await ask("POST", "/v1/session", { json: { email, code, language } });
  const [cookie = ""] = (begun.headers.get("set-cookie") ?? "").split(";");
  return { ...begun, cookie };
}

test("somebody signs in with the code from their mail, and mails reach them from then on", async () => {
  const email = `Asha.Rao.${run}@example.com`;
  expect(await ask("POST", "/v1/session/code", { json: { email } })).toMatchObject({ status: 202 });
  const code = await readCode(system.addresses.inbox, email);
  const begun = await ask("POST", "/v1/session", { json: { email, code } });
  expect(begun).toMatchObject({ status: 200, body: { expiresInSeconds: 900 } });
  expect(begun.headers.get("set-cookie")).toMatch(
    /^session=[^;]+; Max-Age=2592000; Path=\/v1\/session; HttpOnly; SameSite=Strict$/,
  );
  const { accessToken = "", userId = "" } = begun.body;
  const sealing = createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY);
  expect(await findPerson(system.database.pool, sealing, userId)).toEqual({
    ...{ userId, email, name: "" },
  });

  const me = await fetch(`${system.addresses.api}/v1/me`, {
    method: "PUT",
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ email, name: "Asha Rao" }),
  });
  expect(await me.json()).toEqual({ userId, email, name: "Asha Rao" });
  const again = await beginSession(`asha.rao.${run}@example.com`);
  expect(again.body["userId"]).toBe(userId);
  // What they have said of themselves is not written over.
  expect((await findPerson(system.database.pool, sealing, userId))?.name).toBe("Asha Rao");
});

test("mails come in the language of the page on which somebody first signed in, until they choose", async () => {
  const email = `de.${run}@example.com`;
  const languageOf = async (language?: string) => {
    const { body } = await beginSession(email, language);
    const answer = await fetch(`${system.addresses.api}/v1/me/notifications`, {
      headers: { authorization: `Bearer ${body["accessToken"]}` },
    });
    return ((await answer.json()) as { language: string | null }).language;
  };
  // A page that says none, such as the door's.
  const none = await languageOf();
  expect([none, await languageOf("de"), await languageOf("en")]).toEqual([null, "de", "de"]);
  const faulty = { email, code: "123456", language: "xx" };
  expect(await ask("POST", "/v1/session", { json: faulty })).toMatchObject({ status: 400 });
});

test("the cookie gives tokens until its person signs out, and nobody gets one without", async () => {
  const { cookie, body } = await beginSession(`ben.${run}@example.com`);
  const renewed = await ask("POST", "/v1/session/token", { cookie });
  expect(renewed).toMatchObject({ status: 200, body: { userId: body["userId"] } });
  expect(await ask("DELETE", "/v1/session", { cookie })).toMatchObject({ status: 204 });
  for (const shown of [{ cookie }, { cookie: "session=made-up" }, {}]) {
    expect(await ask("POST", "/v1/session/token", shown)).toMatchObject({
      ...{ status: 401, body: { code: "TOKEN_MISSING" } },
    });
  }
});

test("signing out everywhere ends the sessions of all devices", async () => {
  const [phone, laptop] = [
    await beginSession(`cleo.${run}@example.com`),
    await beginSession(`cleo.${run}@example.com`),
  ];
  expect(
    await ask("DELETE", "/v1/session?everywhere=true", { cookie: laptop.cookie }),
  ).toMatchObject({ status: 204 });
  expect(await ask("POST", "/v1/session/token", { cookie: phone.cookie })).toMatchObject({
    status: 401,
  });
});

test("everywhere is not said to be done for whoever is not signed in", async () => {
  const { cookie } = await beginSession(`finn.${run}@example.com`);
  await ask("DELETE", "/v1/session", { cookie });
  for (const shown of [{ cookie }, {}]) {
    expect(await ask("DELETE", "/v1/session?everywhere=true", shown)).toMatchObject({
      ...{ status: 401, body: { code: "TOKEN_MISSING" } },
    });
  }
  expect(await ask("DELETE", "/v1/session")).toMatchObject({ status: 204 });
});

test("a wrong code and no code are told apart, and the mail speaks the reader's language", async () => {
  const email = `dora.${run}@example.com`;
  const answer = (code: string) => ask("POST", "/v1/session", { json: { email, code } });
  expect(await answer("123456")).toMatchObject({
    status: 403,
    body: { code: "SIGN_IN_CODE_OVER" },
  });
  await ask("POST", "/v1/session/code", { json: { email, language: "de" } });
  const code = await readCode(system.addresses.inbox, email, /(\d{6}) ist Ihr Code/);
  const wrong = code === "000000" ? "000001" : "000000";
  expect(await answer(wrong)).toMatchObject({ status: 403, body: { code: "SIGN_IN_CODE_WRONG" } });
  expect(await answer("12345")).toMatchObject({ status: 400, body: { code: "REQUEST_INVALID" } });
});

test("nobody's mailbox is filled: an eleventh code in an hour is refused", async () => {
  const codes = Array.from({ length: 11 }, () =>
    ask("POST", "/v1/session/code", { json: { email: `flooded.${run}@example.com` } }),
  );
  const statuses = (await Promise.all(codes)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 202)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
});

test("with the process that signs in away, codes are refused kindly, and who has a token goes on", async () => {
  const { body } = await beginSession(`eve.${run}@example.com`);
  await system.kill("signIn");
  expect(
    await ask("POST", "/v1/session/code", { json: { email: `f.${run}@example.com` } }),
  ).toMatchObject({
    ...{ status: 503, body: { code: "SIGN_IN_UNAVAILABLE" } },
  });
  const me = await fetch(`${system.addresses.api}/v1/me`, {
    method: "PUT",
    headers: { authorization: `Bearer ${body["accessToken"]}`, "content-type": "application/json" },
    body: JSON.stringify({ email: `eve.${run}@example.com`, name: "Eve" }),
  });
  expect(me.status).toBe(200);
  await system.start("signIn");
  await eventually(async () => {
    const sent = await ask("POST", "/v1/session/code", { json: { email: `f.${run}@example.com` } });
    return sent.status === 202;
  });
});

test("nobody who has signed in stands in clear in a table, in Redis or in a log", async () => {
  const logs = await Promise.all(
    ["api", "signIn"].map(async (name) => ({
      place: `${name}.log`,
      text: await readFile(join(system.folder, `${name}.log`), "utf8"),
    })),
  );
  const database = await readDatabase(system.database.pool);
  expect(database.filter(({ place }) => place.includes("sign_in_sessions")).length).toBeGreaterThan(
    9,
  );
  const written = [...database, ...logs];
  const isSecret = new RegExp(`${run}|eyJ[\\w-]+[.]eyJ`);
  expect(written.filter(({ text }) => isSecret.test(text)).map(({ place }) => place)).toEqual([]);
  // Others write to this Redis, too: only what is of this run is looked for.
  const kept = await readRedis(process.env["REDIS_URL"] ?? "");
  expect(kept.filter(({ text }) => text.includes(run))).toEqual([]);
});
