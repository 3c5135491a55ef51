import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";

import { localKeys } from "../../local/local-keys.ts";
import { createSealing } from "../../platform/sealing.ts";
import { createDatabase } from "../../tests/databases.ts";
import type { TestDatabase } from "../../tests/databases.ts";
import { readDatabase } from "../../tests/personal-data/read-database.ts";
import { createSignIn } from "./create-sign-in.ts";
import type { CodeMaker } from "./create-sign-in.ts";
import { digestForSignIn } from "./digest-for-sign-in.ts";
import { knowUser } from "./know-user.ts";
import { otherThan } from "../../tests/read-code.ts";

const digest = digestForSignIn(createSealing(localKeys.SEALING_KEYS, localKeys.DIGEST_KEY));

let database: TestDatabase;
let signIn: CodeMaker;
/** Every statement with its parameters, as it leaves this process. */
const said: string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  listen(database.pool);
  signIn = await createSignIn(database.pool, {
    ...{ issuer: "https://tickets.test", audience: "marquee" },
    key: localKeys.SIGN_IN_KEY,
    digest,
  });
}, 30_000);
afterAll(() => database.drop());

function listen(pool: TestDatabase["pool"]): void {
  pool.on("connect", (client) => {
    const query = client.query.bind(client) as (...statement: unknown[]) => unknown;
    Object.assign(client, {
      query(...statement: unknown[]) {
        said.push(JSON.stringify(statement.filter((part) => typeof part !== "function")));
        return query(...statement);
      },
    });
  });
}

const refusal = (code: string) => expect.objectContaining({ code });

test("a code begins a session, a session gives tokens, and the person is the same the next time", async () => {
  const code = await signIn.makeCode("Asha@canary.example");
  expect(code).toMatch(/^\d{6}$/);
  const begun = await signIn.begin({ email: "asha@canary.example", code });
  const { payload } = await jwtVerify(begun.token, createLocalJWKSet(await signIn.publicKeys()), {
    ...{ issuer: "https://tickets.test", audience: "marquee", algorithms: ["EdDSA"] },
  });
  expect(payload.sub).toBe(begun.userId);
  expect(Object.keys(payload).toSorted()).toEqual(["aud", "exp", "iat", "iss", "sub"]);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);

  const again = await signIn.begin({
    email: "ASHA@canary.example",
    code: await signIn.makeCode("asha@canary.example"),
  });
  expect(again.userId).toBe(begun.userId);
  expect(decodeJwt((await signIn.accessToken(again.session)).token).sub).toBe(begun.userId);
});

test("somebody whom the house knows already signs in as who they are", async () => {
  const known = { userId: randomUUID(), email: "Known@example.com" };
  await knowUser(database.pool, digest, known);
  await knowUser(database.pool, digest, { ...known, userId: randomUUID() });
  const email = "known@example.com";
  const begun = await signIn.begin({ email, code: await signIn.makeCode(email) });
  expect(begun.userId).toBe(known.userId);
});

test("no address, code, session or token stands in a table or in a statement", async () => {
  const email = "canary.person@canary.example";
  const code = await signIn.makeCode(email);
  await expect(signIn.begin({ email, code: otherThan(code) })).rejects.toEqual(
    refusal("SIGN_IN_CODE_WRONG"),
  );
  const begun = await signIn.begin({ email, code });
  await signIn.accessToken(begun.session);
  await signIn.end(begun.session, { everywhere: true });
  const live = await signIn.begin({ email, code: await signIn.makeCode(email) });
  const [secret = ""] = live.session.split(".");
  const written = (await readDatabase(database.pool)).map(({ text }) => text);
  expect(written.length).toBeGreaterThan(20);
  expect(said.filter((one) => one.includes("sign_in_sessions")).length).toBeGreaterThan(5);
  const secrets = [email, "canary.person", `"${code}"`, secret, live.token, begun.token];
  const found = [...written, ...said].filter((text) => secrets.some((one) => text.includes(one)));
  expect(found).toEqual([]);
});

test("five wrong codes, and the right one is over too", async () => {
  const email = "guessed@example.com";
  const code = await signIn.makeCode(email);
  for (let tries = 0; tries < 5; tries += 1) {
    await expect(signIn.begin({ email, code: otherThan(code) })).rejects.toEqual(
      refusal("SIGN_IN_CODE_WRONG"),
    );
  }
  await expect(signIn.begin({ email, code })).rejects.toEqual(refusal("SIGN_IN_CODE_OVER"));
});

test("a code is over after ten minutes, after its use, and when there is a newer one", async () => {
  const email = "late@example.com";
  const code = await signIn.makeCode(email);
  await database.pool.query("update sign_in_codes set expires_at = expires_at - interval '10 min'");
  await expect(signIn.begin({ email, code })).rejects.toEqual(refusal("SIGN_IN_CODE_OVER"));

  const replaced = await signIn.makeCode(email);
  const newest = await makeOtherCode(email, replaced);
  await expect(signIn.begin({ email, code: replaced })).rejects.toEqual(
    refusal("SIGN_IN_CODE_WRONG"),
  );
  await signIn.begin({ email, code: newest });
  await expect(signIn.begin({ email, code: newest })).rejects.toEqual(refusal("SIGN_IN_CODE_OVER"));
});

/** One in a million they are the same. */
async function makeOtherCode(email: string, before: string): Promise<string> {
  const code = await signIn.makeCode(email);
  return code === before ? makeOtherCode(email, before) : code;
}

test("twenty uses of one code at once begin one session", async () => {
  const email = "racer@example.com";
  const code = await signIn.makeCode(email);
  const uses = Array.from({ length: 20 }, () => signIn.begin({ email, code }));
  const begun = (await Promise.allSettled(uses)).filter(({ status }) => status === "fulfilled");
  expect(begun).toHaveLength(1);
});

test("a session that is ended gives no tokens; everywhere ends all of one person and nobody else's", async () => {
  const begin = async (email: string) =>
    signIn.begin({ email, code: await signIn.makeCode(email) });
  const [phone, laptop, tablet, other] = [
    await begin("many@example.com"),
    await begin("many@example.com"),
    await begin("many@example.com"),
    await begin("else@example.com"),
  ];
  await signIn.end(phone.session, { everywhere: false });
  await signIn.end(phone.session, { everywhere: false });
  await expect(signIn.accessToken(phone.session)).rejects.toEqual(refusal("TOKEN_MISSING"));
  // Nobody is told yes who has ended nothing.
  await expect(signIn.end(phone.session, { everywhere: true })).rejects.toEqual(
    refusal("TOKEN_MISSING"),
  );
  await signIn.accessToken(laptop.session);
  await signIn.end(laptop.session, { everywhere: true });
  await expect(signIn.accessToken(tablet.session)).rejects.toEqual(refusal("TOKEN_MISSING"));
  await signIn.accessToken(other.session);
});

test("a session that is made up, or signed by nobody, gives no tokens", async () => {
  const { session } = await signIn.begin({
    email: "own@example.com",
    code: await signIn.makeCode("own@example.com"),
  });
  const [secret = ""] = session.split(".");
  for (const wrong of ["", "a.b", secret, `${secret}.AAAA`, session.slice(1)]) {
    await expect(signIn.accessToken(wrong)).rejects.toEqual(refusal("TOKEN_MISSING"));
  }
});

test("a new key signs after a month, and what the old one has signed is still good for a day", async () => {
  const { session, token } = await signIn.begin({
    email: "keys@example.com",
    code: await signIn.makeCode("keys@example.com"),
  });
  await database.pool.query("update sign_in_keys set expires_at = now() - interval '1 min'");
  const renewed = await signIn.accessToken(session);
  const keys = createLocalJWKSet(await signIn.publicKeys());
  const [before, after] = await Promise.all([
    jwtVerify(token, keys),
    jwtVerify(renewed.token, keys),
  ]);
  expect(after.protectedHeader.kid).not.toBe(before.protectedHeader.kid);
  await database.pool.query(
    "update sign_in_keys set expires_at = now() - interval '25 h' where expires_at < now()",
  );
  await expect(
    jwtVerify(token, createLocalJWKSet(await signIn.publicKeys())),
  ).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
});
