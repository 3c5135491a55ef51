import type { BetterAuthOptions } from "better-auth";
import { bearer } from "better-auth/plugins/bearer";
import { emailOTP } from "better-auth/plugins/email-otp";
import { jwt } from "better-auth/plugins/jwt";
import { uuidv7 } from "uuidv7";

import {
  accessTokenSeconds,
  sessionSeconds,
  signInCodeSeconds,
  signInTriesMax,
} from "../../domain/sign-in.ts";

export type SignInSettings = {
  /** Who the access tokens are from: the shop's own address. */
  issuer: string;
  audience: string;
  /** Signs sessions and encrypts the keys that sign access tokens, base64 of 32 bytes. */
  key: string;
  digest: (text: string) => string;
};

/** better-auth with codes by mail and nothing else. It is called from our own code only: none of its addresses are served. */
export function signInOptions({ issuer, audience, key, digest }: SignInSettings) {
  return {
    ...{ baseURL: issuer, secret: key, trustedOrigins: [issuer] },
    telemetry: { enabled: false },
    // Its messages quote what they are about. What goes wrong is thrown, and told by our own log.
    logger: { disabled: true },
    // Ours count by person and by address, in all processes together.
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: false },
    advanced: { database: { generateId: () => uuidv7() }, ipAddress: { disableIpTracking: true } },
    user: {
      modelName: "sign_in_users",
      fields: { email: "email_digest", emailVerified: "email_verified", ...times },
    },
    session: {
      modelName: "sign_in_sessions",
      fields: {
        ...{ userId: "user_id", token: "token_digest", expiresAt: "expires_at" },
        ...{ ipAddress: "ip_address", userAgent: "user_agent", ...times },
      },
      expiresIn: sessionSeconds,
      updateAge: 24 * 3_600,
      cookieCache: { enabled: false },
    },
    verification: {
      modelName: "sign_in_codes",
      fields: { identifier: "identifier_digest", expiresAt: "expires_at", ...times },
    },
    plugins: [
      emailOTP({
        otpLength: 6,
        expiresIn: signInCodeSeconds,
        allowedAttempts: signInTriesMax,
        storeOTP: { hash: async (code) => digest(`code:${code}`) },
        // The code is made by createVerificationOTP and mailed by us, so that a failure is heard of.
        sendVerificationOTP: async () => undefined,
      }),
      jwt(jwtOptions({ issuer, audience })),
      bearer({ requireSignature: true }),
    ],
  } satisfies BetterAuthOptions;
}

const times = { createdAt: "created_at", updatedAt: "updated_at" };

function jwtOptions({ issuer, audience }: Pick<SignInSettings, "issuer" | "audience">) {
  return {
    jwks: {
      keyPairConfig: { alg: "EdDSA", crv: "Ed25519" },
      // A key signs for a month, and is published for a day longer: no token lives for that long.
      rotationInterval: 30 * 24 * 3_600,
      gracePeriod: 24 * 3_600,
    },
    jwt: {
      ...{ issuer, audience, expirationTime: `${accessTokenSeconds}s` },
      // The subject is all: left to itself it writes the whole person into the token.
      definePayload: () => ({}),
    },
    disableSettingJwtHeader: true,
    schema: {
      jwks: {
        modelName: "sign_in_keys",
        fields: {
          ...{ publicKey: "public_key", privateKey: "private_key" },
          ...{ createdAt: "created_at", expiresAt: "expires_at" },
        },
      },
    },
  } satisfies Parameters<typeof jwt>[0];
}
