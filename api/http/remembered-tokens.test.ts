import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import type { CryptoKey, JWK } from "jose";

import { createTokenVerifier } from "./authenticate.ts";

// What is remembered of tokens that were good: nobody passes longer for it than is said, and nobody as somebody else.

const issuer = "https://identity.test";
const audience = "marquee-test";
const minuteMs = 60_000;

let privateKey: CryptoKey;
let publicKey: JWK;
let server: Server;
let jwksUrl: string;
let published: JWK[];
let asked: number;

beforeAll(async () => {
  const pair = await generateKeyPair("EdDSA", { extractable: true });
  privateKey = pair.privateKey;
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: "first", alg: "EdDSA" };
  server = createServer((_request, response) => {
    asked += 1;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: published }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
});

beforeEach(() => {
  published = [publicKey];
  asked = 0;
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
});
afterEach(() => {
  jest.useRealTimers();
});

function verifier(options: { rememberMs?: number; rememberMax?: number } = {}) {
  return createTokenVerifier({ audience, issuers: [{ issuer, jwksUrl }], ...options });
}

function tokenOf(subject: string, secondsToLive = 3_600): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({})
    .setProtectedHeader({ alg: "EdDSA", kid: "first" })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + secondsToLive)
    .sign(privateKey);
}

const invalid = { code: "TOKEN_INVALID" };

test("each token is its own caller, however many are remembered", async () => {
  const verify = verifier();
  const subjects = Array.from({ length: 20 }, (_, index) => `buyer ${index}`);
  const tokens = await Promise.all(subjects.map((subject) => tokenOf(subject)));
  for (let time = 0; time < 2; time += 1) {
    const callers = await Promise.all(tokens.map(verify));
    expect(callers.map(({ subject }) => subject)).toEqual(subjects);
    expect(new Set(callers.map(({ userId }) => userId)).size).toBe(subjects.length);
  }
});

test("a token whose time is over is refused, whatever is left of the minute: 30 s for clocks, and none for memory", async () => {
  const verify = verifier();
  const token = await tokenOf("asha", 20);
  await verify(token);
  jest.advanceTimersByTime(49_000);
  await verify(token);
  jest.advanceTimersByTime(2_000);
  await expect(verify(token)).rejects.toMatchObject(invalid);
});

test("a token whose key was withdrawn is refused within eleven minutes: ten for the keys, one for the token", async () => {
  const verify = verifier();
  const token = await tokenOf("asha");
  await verify(token);
  published = [];
  for (let minute = 0; minute < 9; minute += 1) {
    jest.advanceTimersByTime(minuteMs);
    await verify(token);
  }
  jest.advanceTimersByTime(2 * minuteMs);
  await expect(verify(token)).rejects.toMatchObject(invalid);
});

test("within its minute a token is not checked again, and after it is", async () => {
  // The keys are old after ten minutes: whoever is checked then is refused.
  const verify = verifier({ rememberMs: 30 * minuteMs });
  const token = await tokenOf("asha");
  await verify(token);
  published = [];
  jest.advanceTimersByTime(29 * minuteMs);
  expect(await verify(token)).toMatchObject({ subject: "asha" });
  expect(asked).toBe(1);
  jest.advanceTimersByTime(2 * minuteMs);
  await expect(verify(token)).rejects.toMatchObject(invalid);
});

test("no more tokens are remembered than allowed, and the first goes out first", async () => {
  const verify = verifier({ rememberMs: 30 * minuteMs, rememberMax: 2 });
  const tokens = await Promise.all(["asha", "ben", "chen"].map((subject) => tokenOf(subject)));
  for (const token of tokens) await verify(token);
  published = [];
  jest.advanceTimersByTime(20 * minuteMs);
  const answers = await Promise.allSettled(tokens.map(verify));
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
});

test("a token that was refused is not remembered, and takes nobody's place", async () => {
  const verify = verifier({ rememberMax: 1 });
  const good = await tokenOf("asha");
  await verify(good);
  for (let wrong = 0; wrong < 10; wrong += 1) {
    await expect(verify(`${good}${wrong}`)).rejects.toMatchObject(invalid);
  }
  expect(await verify(good)).toMatchObject({ subject: "asha" });
});
