import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { Hono } from "hono";
import { SignJWT, exportJWK, exportPKCS8, generateKeyPair, importPKCS8 } from "jose";

import { demoPeople } from "../demo-data/people.ts";

export type IdentityIssuer = {
  app: Hono;
  /** A token as the issuer would give it, `claims` on top; `undefined` as a claim leaves it out. */
  issue(claims: Record<string, unknown>): Promise<string>;
};

/**
 * Stands in for an identity provider on one machine: publishes its key and hands tokens to demo people without asking who they
 * are. Marquee knows it by its addresses only, as it would any OIDC issuer.
 */
export async function createIdentityIssuer(options: {
  issuer: string;
  audience: string;
  /** Keeps the key over restarts, so that yesterday's tokens are still checked; else it lives in memory. */
  keyFile?: string | undefined;
}): Promise<IdentityIssuer> {
  const privateKey = await readOrMakeKey(options.keyFile);
  const { kty, crv, x } = await exportJWK(privateKey);
  const keyId = (x ?? "").slice(0, 8);
  const app = new Hono();

  async function issue(claims: Record<string, unknown>): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      iss: options.issuer,
      aud: options.audience,
      iat: nowSeconds,
      exp: nowSeconds + tokenSeconds,
      jti: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: "EdDSA", kid: keyId, typ: "JWT" })
      .sign(privateKey);
  }

  app.get("/.well-known/jwks.json", (context) =>
    context.json({ keys: [{ kty, crv, x, kid: keyId, alg: "EdDSA", use: "sig" }] }),
  );
  app.get("/.well-known/openid-configuration", (context) =>
    context.json({
      issuer: options.issuer,
      jwks_uri: `${options.issuer}/.well-known/jwks.json`,
      token_endpoint: `${options.issuer}/token`,
      id_token_signing_alg_values_supported: ["EdDSA"],
    }),
  );
  app.post("/token", async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const wanted = typeof body === "object" && body !== null && "person" in body && body.person;
    const person = demoPeople.find(({ handle }) => handle === wanted);
    if (person === undefined) {
      return context.json({ error: "no such person", people: handles() }, 404);
    }
    const token = await issue({ sub: person.userId, roles: person.roles });
    return context.json({ token, tokenType: "Bearer", expiresIn: tokenSeconds, ...person });
  });
  app.get("/people", (context) => context.json({ people: demoPeople }));
  servePage(app);
  return { app, issue };
}

const tokenSeconds = 3_600;

function handles(): string[] {
  return demoPeople.map(({ handle }) => handle);
}

async function readOrMakeKey(keyFile: string | undefined) {
  if (keyFile !== undefined && existsSync(keyFile)) {
    return importPKCS8(readFileSync(keyFile, "utf8"), "EdDSA", { extractable: true });
  }
  const { privateKey } = await generateKeyPair("EdDSA", { extractable: true });
  if (keyFile !== undefined) {
    writeFileSync(keyFile, await exportPKCS8(privateKey), { mode: 0o600 });
  }
  return privateKey;
}

function servePage(app: Hono): void {
  const files = {
    "/": ["page.html", "text/html"],
    "/page.css": ["page.css", "text/css"],
    "/page.js": ["page.js", "text/javascript"],
  } as const;
  for (const [path, [file, type]] of Object.entries(files)) {
    app.get(path, async (context) =>
      context.body(await readFile(new URL(file, import.meta.url), "utf8"), 200, {
        "content-type": `${type}; charset=utf-8`,
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      }),
    );
  }
}
