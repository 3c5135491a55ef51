import type { Sealing } from "../../platform/sealing.ts";

/** What stands in the tables of sign-in in the place of an address, a token or a code. */
export function digestForSignIn({ digest }: Pick<Sealing, "digest">): (text: string) => string {
  return (text) => digest(`sign-in:${text}`).toString("base64url");
}
