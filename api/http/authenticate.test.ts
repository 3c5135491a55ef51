import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createHmac, createPublicKey } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, generateKeyPair } from "jose";

import { createEdge } from "../../tests/edge.ts";
import type { Edge } from "../../tests/edge.ts";
import { eventually } from "../../tests/eventually.ts";
import { freePort } from "../../tests/free-port.ts";
import { createTokenVerifier } from "./authenticate.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await createEdge();
}, 60_000);
afterAll(() => edge.close(), 30_000);

const subject = "0199a000-0000-7000-8000-000000000001";

/** What a booking of nobody says to this token: 404 when the token is good. */
async function answerTo(authorization: string | undefined) {
  const headers = authorization === undefined ? {} : { authorization };
  const path = "/v1/bookings/bk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const { status, body, headers: answered } = await edge.send("GET", path, { headers });
  return { status, code: body.code, challenge: answered.get("www-authenticate") };
}

const invalid = {
  status: 401,
  code: "TOKEN_INVALID",
  challenge: 'Bearer realm="marquee", error="invalid_token"',
};

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function publishedKey() {
  const response = await edge.identity.app.request("/.well-known/jwks.json");
  const { keys } = (await response.json()) as {
    keys: { kid: string; kty: string; crv: string; x: string }[];
  };
  const [key] = keys;
  if (key === undefined) throw new Error("No key is published");
  return key;
}

async function goodClaims() {
  const [, payload = ""] = (await edge.identity.issue({ sub: subject })).split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
}

test("control: a token of the issuer is let in", async () => {
  const token = await edge.identity.issue({ sub: subject });
  expect(await answerTo(`Bearer ${token}`)).toMatchObject({
    status: 404,
    code: "BOOKING_NOT_FOUND",
  });
});

test("no token, or another scheme: sign in first", async () => {
  const missing = { status: 401, code: "TOKEN_MISSING", challenge: 'Bearer realm="marquee"' };
  expect(await answerTo(undefined)).toEqual(missing);
  expect(await answerTo("Basic YTpi")).toEqual(missing);
});

test("a token may not choose to be unsigned", async () => {
  const claims = base64url(await goodClaims());
  for (const alg of ["none", "None", "NONE"]) {
    expect(await answerTo(`Bearer ${base64url({ alg, typ: "JWT" })}.${claims}.`)).toEqual(invalid);
  }
});

test("our public key is no secret: a digest keyed with it signs nothing", async () => {
  const key = await publishedKey();
  const publicKey = createPublicKey({ key, format: "jwk" });
  const secrets = [
    publicKey.export({ type: "spki", format: "pem" }),
    publicKey.export({ type: "spki", format: "der" }),
    Buffer.from(key.x, "base64url"),
  ];
  const signed = `${base64url({ alg: "HS256", kid: key.kid })}.${base64url(await goodClaims())}`;
  for (const secret of secrets) {
    const signature = createHmac("sha256", secret).update(signed).digest("base64url");
    expect(await answerTo(`Bearer ${signed}.${signature}`)).toEqual(invalid);
  }
});

test("a key that the issuer has not published signs nothing, under its own name or a stolen one", async () => {
  const { kid } = await publishedKey();
  const claims = await goodClaims();
  for (const alg of ["EdDSA", "RS256", "ES256"]) {
    const { privateKey } = await generateKeyPair(alg);
    for (const keyId of [kid, "unknown", "../../etc/passwd"]) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg, kid: keyId })
        .sign(privateKey);
      expect(await answerTo(`Bearer ${token}`)).toEqual(invalid);
    }
  }
});

test("a key inside the token, or one that the token points to, is not looked at", async () => {
  const { privateKey } = await generateKeyPair("EdDSA");
  const { x } = await publishedKey();
  const token = await new SignJWT(await goodClaims())
    .setProtectedHeader({
      alg: "EdDSA",
      jwk: { kty: "OKP", crv: "Ed25519", x },
      jku: "https://attacker.test/jwks.json",
    })
    .sign(privateKey);
  expect(await answerTo(`Bearer ${token}`)).toEqual(invalid);
});

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const wrongClaims = {
  "no end": () => ({ exp: undefined }),
  ended: () => ({ exp: nowSeconds() - 31 }),
  "not begun": () => ({ nbf: nowSeconds() + 600 }),
  "from the future": () => ({ iat: nowSeconds() + 600 }),
  "older than a day, however long it is to last": () => ({
    iat: nowSeconds() - 90_000,
    exp: nowSeconds() + 90_000,
  }),
  "another service's": () => ({ aud: "somebody-else" }),
  "no service's": () => ({ aud: undefined }),
  "another issuer's": () => ({ iss: "https://attacker.test" }),
  "no issuer's": () => ({ iss: undefined }),
  "nobody's": () => ({ sub: undefined }),
} as const;

test.each(Object.entries(wrongClaims))("a token that is %s is refused", async (_, claims) => {
  const token = await edge.identity.issue({ sub: subject, ...claims() });
  expect(await answerTo(`Bearer ${token}`)).toEqual(invalid);
});

test("a token that was let in a moment ago is refused when its time is over", async () => {
  // Clocks may differ by 30 s: this one has a second left.
  const token = await edge.identity.issue({ sub: subject, exp: nowSeconds() - 29 });
  expect(await answerTo(`Bearer ${token}`)).toMatchObject({ status: 404 });
  await eventually(async () => (await answerTo(`Bearer ${token}`)).status === 401);
});

test("garbage is refused, and a token with one character changed", async () => {
  const token = await edge.identity.issue({ sub: subject });
  // Known to be good from now on; nothing that looks like it is.
  expect(await answerTo(`Bearer ${token}`)).toMatchObject({ status: 404 });
  const [header = "", payload = "", signature = ""] = token.split(".");
  const changed = `${header}.${payload.slice(0, -2)}${payload.endsWith("A") ? "B" : "A"}.${signature}`;
  for (const text of ["x", "a.b.c", "...", `${token}.x`, changed, `${header}.${payload}.`]) {
    expect(await answerTo(`Bearer ${text}`)).toEqual(invalid);
  }
});

test("a subject that is no UUID is the same person every time, and a UUID stands for itself", async () => {
  const save = async (sub: string) => {
    const { headers } = await edge.signIn(sub);
    const json = { email: "a@example.com", name: "A" };
    return (await edge.send("PUT", "/v1/me", { json, headers })).body["userId"];
  };
  const derived = await save("auth0|12345");
  expect(derived).toMatch(/^[0-9a-f-]{36}$/);
  expect(await save("auth0|12345")).toBe(derived);
  expect(await save("auth0|12346")).not.toBe(derived);
  expect(await save(subject.toUpperCase())).toBe(subject);
});

test.each([
  ["does not answer", 0],
  ["answers with a failure", 500],
])("an issuer that %s says nothing against a token", async (_, status) => {
  const server = createServer((_request, response) => response.writeHead(status).end());
  if (status > 0) await once(server.listen(0, "127.0.0.1"), "listening");
  const port = status > 0 ? (server.address() as AddressInfo).port : await freePort();
  const verify = createTokenVerifier({
    audience: "marquee",
    issuers: [{ issuer: "https://identity.test", jwksUrl: `http://127.0.0.1:${port}/jwks.json` }],
  });
  const token = await edge.identity.issue({ sub: subject });
  await expect(verify(token)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  server.close();
});
