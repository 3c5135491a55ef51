import { betterAuth } from "better-auth";
import type { BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";
import { getAdapter } from "better-auth/db/adapter";
import { decodeJwt } from "jose";
import type { JSONWebKeySet } from "jose";
import type { Pool } from "pg";

import { DomainError } from "../../domain/errors.ts";
import { accessTokenSeconds } from "../../domain/sign-in.ts";
import type { AccessToken, BegunSession, SignIn } from "../../domain/sign-in.ts";
import { digestRows } from "./digest-rows.ts";
import { signInOptions } from "./sign-in-options.ts";
import type { SignInSettings } from "./sign-in-options.ts";

export type CodeMaker = Omit<SignIn, "sendCode"> & {
  /** A code for the address, for a mail. The one before it is over. */
  makeCode(email: string): Promise<string>;
  /** The public keys of all access tokens that are still good. */
  publicKeys(): Promise<JSONWebKeySet>;
};

/** Codes, sessions and access tokens, kept by better-auth in PostgreSQL. Addresses are compared in lower case. */
export async function createSignIn(pool: Pool, settings: SignInSettings): Promise<CodeMaker> {
  const options = signInOptions(settings);
  const rows = await getAdapter({ ...(options as BetterAuthOptions), database: pool });
  const auth = betterAuth({ ...options, database: () => digestRows(rows, settings.digest) });
  const { internalAdapter } = await auth.$context;
  const ofEmail = (email: string) => `sign-in-otp-${email.toLowerCase()}`;

  return {
    async makeCode(email) {
      await internalAdapter.deleteVerificationByIdentifier(ofEmail(email));
      return auth.api.createVerificationOTP({ body: { email, type: "sign-in" } });
    },

    async begin({ email, code }): Promise<BegunSession> {
      try {
        const begun = await auth.api.signInEmailOTP({
          body: { email, otp: code },
          returnHeaders: true,
        });
        const session = begun.headers.get("set-auth-token");
        if (session === null) throw new Error("better-auth has begun no session");
        return { session, ...(await accessToken(session)) };
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        const isThere = (await internalAdapter.findVerificationValue(ofEmail(email))) !== null;
        const isWrong = error.body?.code === "INVALID_OTP" && isThere;
        throw new DomainError(isWrong ? "SIGN_IN_CODE_WRONG" : "SIGN_IN_CODE_OVER");
      }
    },

    accessToken,

    async end(session, { everywhere }) {
      const headers = bearerOf(session);
      if (everywhere) await auth.api.revokeSessions({ headers }).catch(tellSignedOut);
      await auth.api.signOut({ headers }).catch(ignoreSignedOut);
    },

    publicKeys: async () => (await auth.api.getJwks()) as JSONWebKeySet,
  };

  async function accessToken(session: string): Promise<AccessToken> {
    try {
      const { token } = await auth.api.getToken({ headers: bearerOf(session) });
      const { sub: userId = "" } = decodeJwt(token);
      return { token, userId, expiresInSeconds: accessTokenSeconds };
    } catch (error) {
      return tellSignedOut(error);
    }
  }
}

function bearerOf(session: string): Headers {
  return new Headers({ authorization: `Bearer ${session}` });
}

function isSignedOut(error: unknown): boolean {
  return error instanceof APIError && error.statusCode === 401;
}

function tellSignedOut(error: unknown): never {
  throw isSignedOut(error) ? new DomainError("TOKEN_MISSING") : error;
}

function ignoreSignedOut(error: unknown): void {
  if (!isSignedOut(error)) throw error;
}
