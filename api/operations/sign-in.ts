import type { CreateLimitCount } from "../../adapters/redis/limit-counts.ts";
import { DomainError, retryAfterSeconds } from "../../domain/errors.ts";
import type { SignIn } from "../../domain/sign-in.ts";
import { createLimit } from "../limits/limit.ts";
import type { Limit } from "../limits/limit.ts";

/**
 * Signing in by a code in a mail. However many addresses it is asked from, nobody's mailbox is filled, and a code of six digits is not
 * guessed: ten codes with five tries each in an hour are one chance in twenty thousand.
 */
export function createSignInByCode(deps: {
  /** Undefined: this deployment has people from other issuers only. */
  signIn: SignIn | undefined;
  limitCount: CreateLimitCount;
}): SignIn {
  const limitOf = (name: string, max: number) =>
    createLimit(deps.limitCount, { name, max, windowSeconds: 3_600 });
  const mails = limitOf("sign-in:mails", 10);
  const tries = limitOf("sign-in:tries", 50);
  const offered = () => {
    if (deps.signIn === undefined) throw new DomainError("SIGN_IN_NOT_OFFERED");
    return deps.signIn;
  };
  return {
    async sendCode(wish) {
      const signIn = offered();
      await spend(mails, wish.email);
      await signIn.sendCode(wish);
    },
    async begin(answer) {
      const signIn = offered();
      await spend(tries, answer.email);
      return signIn.begin(answer);
    },
    accessToken: async (session) => offered().accessToken(session),
    end: async (session, options) => offered().end(session, options),
  };
}

/** Counted in all processes, and in this one alone while Redis is away. */
async function spend(limit: Limit, email: string): Promise<void> {
  const key = email.toLowerCase();
  const leftMs = limit.admit(key) ?? (await limit.spend(key));
  if (leftMs === undefined) return;
  const retry = { retryAfterSeconds: retryAfterSeconds(leftMs) };
  throw new DomainError("RATE_LIMITED", { by: "mailbox", ...retry });
}
