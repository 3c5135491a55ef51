import type { MiddlewareHandler } from "hono";
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";

import { DomainError } from "../../domain/errors.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import { deriveUuid } from "../../platform/derive-uuid.ts";
import type { AppEnv, Caller } from "./app-env.ts";

/** Lets only signed-in callers through. */
export function requireCaller(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token = bearerToken(context.req.header("authorization"));
    if (token === undefined) throw new DomainError("TOKEN_MISSING");
    context.set("caller", await verifyToken(token));
    await next();
  };
}

/** Lets only operators through: those whose token has `operator` among its `roles`. */
export function requireOperator(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return requireCaller((token) => verifyOperator(verifyToken, token));
}

/** Lets only support through: those whose token has `support` or `operator` among its `roles`. */
export function requireSupport(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return requireCaller(async (token) => {
    const caller = await verifyToken(token);
    if (!caller.isSupport) throw new DomainError("SUPPORT_ONLY");
    return caller;
  });
}

/** The operator whose token this is. Throws OPERATOR_ONLY for anybody else's, TOKEN_INVALID for nobody's. */
export async function verifyOperator(verifyToken: TokenVerifier, token: string): Promise<Caller> {
  const caller = await verifyToken(token);
  if (!caller.isOperator) throw new DomainError("OPERATOR_ONLY");
  return caller;
}

/** Knows callers who are signed in, and lets everybody through. A token that is no good is refused here as well. */
export function knowCaller(verifyToken: TokenVerifier): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const token = bearerToken(context.req.header("authorization"));
    if (token !== undefined) context.set("caller", await verifyToken(token));
    await next();
  };
}

export type TokenVerifier = (token: string) => Promise<Caller>;

export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
}

/** Who gives out tokens, and where its public keys are. */
export type Issuer = { issuer: string; jwksUrl: string };

/**
 * Checks tokens here, against the published keys of who issued them; whoever is not in the list issues none. The algorithms are
 * pinned: a token may not choose `none`, nor a keyed digest whose key would be our public key.
 */
export function createTokenVerifier(options: {
  issuers: Issuer[];
  audience: string;
  /** Checking a signature costs 0.16 ms, a quarter of a whole refusal; a minute is far less than a key is trusted after it has gone. */
  rememberMs?: number;
  /** Some 10 MB of tokens. */
  rememberMax?: number;
}): TokenVerifier {
  const { issuers, audience, rememberMs = 60_000, rememberMax = 10_000 } = options;
  const keysOf = new Map(issuers.map(({ issuer, jwksUrl }) => [issuer, followKeys(jwksUrl)]));
  const callers = createBriefMemory<Caller>({ namesMax: rememberMax });

  return async (token) => {
    const known = callers.get(token);
    if (known !== undefined) return known;
    try {
      // Only to choose the keys; the check itself compares it again.
      const { iss: issuer = "" } = decodeJwt(token);
      const keys = keysOf.get(issuer);
      if (keys === undefined)
        throw new errors.JWTClaimValidationFailed("unknown issuer", {}, "iss");
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms: ["EdDSA", "ES256", "RS256"],
        requiredClaims: ["sub", "exp", "iat"],
        maxTokenAge: "24h",
        clockTolerance: 30,
      });
      const caller = callerOf(issuer, payload);
      const expiresMs = (payload.exp ?? 0) * 1_000;
      callers.set(token, caller, Math.min(rememberMs, expiresMs - Date.now()));
      return caller;
    } catch (error) {
      // An issuer that does not answer says nothing about the token.
      throw new DomainError(
        isTokensFault(error) ? "TOKEN_INVALID" : "UNAVAILABLE",
        {},
        {
          cause: error,
        },
      );
    }
  };
}

function followKeys(jwksUrl: string) {
  return createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: 2_000,
    // A new signing key is used at once, so an unknown key is asked for again; once a second, whatever strangers send.
    cooldownDuration: 1_000,
    cacheMaxAge: 10 * 60_000,
  });
}

function callerOf(issuer: string, { sub: subject = "", roles }: JWTPayload): Caller {
  const has = (role: string) => Array.isArray(roles) && roles.includes(role);
  const isOperator = has("operator");
  const lowerCase = subject.toLowerCase();
  const userId = uuidPattern.test(lowerCase) ? lowerCase : deriveUuid("user", issuer, subject);
  return { userId, subject, isOperator, isSupport: isOperator || has("support") };
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function isTokensFault(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  // The generic code and the time-out are about fetching the keys.
  return error.code !== "ERR_JOSE_GENERIC" && error.code !== "ERR_JWKS_TIMEOUT";
}
