import { z } from "zod";

import { languages } from "../../domain/notices.ts";

const language = z.enum(languages).optional();

/** What the API says to the process that signs people in, by path; each is a POST with JSON. */
export const signInMessages = {
  "/codes": z.strictObject({ email: z.string(), language }),
  "/sessions": z.strictObject({ email: z.string(), code: z.string(), language }),
  "/tokens": z.strictObject({ session: z.string() }),
  "/ends": z.strictObject({ session: z.string(), everywhere: z.boolean() }),
};
export type SignInMessages = {
  [Path in keyof typeof signInMessages]: z.infer<(typeof signInMessages)[Path]>;
};

/** Where the public keys of access tokens are. */
export const signInKeysPath = "/.well-known/jwks.json";

export const accessTokenMessage = z.object({
  token: z.string(),
  userId: z.string(),
  expiresInSeconds: z.int(),
});
export const begunSessionMessage = accessTokenMessage.extend({ session: z.string() });
